import type { ShownPiece } from "@mcp-optimizer/core";

/** Endings of types whose second word is none, or none that programs go by. */
const ENDINGS: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/svg+xml": "svg",
  "audio/mpeg": "mp3",
  "audio/x-wav": "wav",
  "text/plain": "txt",
  "text/markdown": "md",
  "text/javascript": "js",
  "application/octet-stream": "bin",
};
/** Names that Windows keeps for devices. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A name for a piece in a folder: a plain file name, whatever the program or server called it. */
export function shownFileName(
  { name = "", mimeType }: Pick<ShownPiece, "name" | "mimeType">,
  index: number,
): string {
  const last = name.split(/[/\\]/).at(-1)!.split(/[?#]/)[0]!;
  const plain = last
    .toWellFormed()
    .replaceAll(/[^\p{L}\p{N}._ -]+/gu, "_")
    .replaceAll(/^[. ]+|[. ]+$/g, "")
    .slice(0, 100);
  const safe = plain === "" || DEVICE.test(plain) ? `shown-${index + 1}` : plain;
  return /\.\w{1,8}$/.test(safe) ? safe : `${safe}.${endingOf(mimeType)}`;
}

function endingOf(mimeType: string): string {
  const [type = ""] = mimeType.toLowerCase().split(";");
  const word = type.split("/")[1]?.split("+").at(-1) ?? "";
  return ENDINGS[type] ?? (/^[a-z0-9]{1,8}$/.test(word) ? word : "bin");
}
