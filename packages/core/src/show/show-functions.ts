import { OptimizerError, type JsonObject, type JsonValue, type ResultVault } from "@mcp-optimizer/contracts";
import type { HostFunctions } from "../run/host-functions.ts";
import type { RunContext } from "../run/run-context.ts";
import { openEntry } from "../vault/open-entry.ts";
import { givenPiece, notShown, shortTextAt, shownContent } from "./shown-block.ts";
import { SHOWN_LIMITS, type ShownLimits, type ShownPiece } from "./shown-piece.ts";

/** How a program hands media and files to the client. A run that is only followed, to find what has to be approved, hands nothing. */
export function showFunctions(vault: ResultVault, limits: ShownLimits = SHOWN_LIMITS): HostFunctions {
  return {
    "tools.show": async (context, [given]) => {
      const piece = await pieceOf(vault, context, given);
      requireRoom(limits, context.shown, piece);
      if (!context.approvals.planning) context.shown.push(piece);
      const { mimeType, bytes } = piece;
      return { shown: piece.block.type, mimeType, bytes };
    },
  };
}

async function pieceOf(
  vault: ResultVault,
  context: RunContext,
  given: JsonValue | undefined,
): Promise<ShownPiece> {
  if (typeof given === "string") return await keptPiece(vault, context, given, {});
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw notShown("it is no handle and no object");
  const { handle } = given;
  return typeof handle === "string" ? await keptPiece(vault, context, handle, given) : givenPiece(given);
}

async function keptPiece(
  vault: ResultVault,
  context: RunContext,
  handle: string,
  given: JsonObject,
): Promise<ShownPiece> {
  if (!/^h_[\w-]+$/.test(handle)) throw notShown("the text is no handle");
  const entry = await openEntry(vault, context, handle);
  const name = shortTextAt(given, "name");
  const uri = shortTextAt(given, "uri");
  const known = { ...(name !== undefined && { name }), ...(uri !== undefined && { uri }) };
  if (entry.kind === "blob") {
    return shownContent({ ...known, mimeType: entry.mimeType, content: { base64: entry.base64 } });
  }
  const isText = entry.kind === "text";
  const file = { name: `${handle}.${isText ? "txt" : "json"}`, ...known };
  const mimeType = isText ? "text/plain" : "application/json";
  return shownContent({ ...file, mimeType, content: { text: entry.text } });
}

function requireRoom(
  { pieces, bytes: most, textBytes, totalBytes }: ShownLimits,
  shown: readonly ShownPiece[],
  { bytes, block }: ShownPiece,
): void {
  const resource = block["resource"];
  const isText = typeof resource === "object" && resource !== null && "text" in resource;
  const limit = isText ? textBytes : most;
  const total = shown.reduce((sum, piece) => sum + piece.bytes, bytes);
  const problem =
    shown.length >= pieces
      ? `a run may show ${pieces} pieces`
      : bytes > limit
        ? `it has ${bytes} bytes, and ${isText ? "a text" : "a piece"} that is shown may have ${limit}`
        : total > totalBytes
          ? `it would make ${total} bytes, and what a run shows may have ${totalBytes}`
          : undefined;
  if (problem !== undefined) throw new OptimizerError("output_limit", { detail: problem });
}
