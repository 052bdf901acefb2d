/** A file or folder out of an archive. */
export interface UnpackedEntry {
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer;
}

const HEADER_BYTES = 110;

/** Reads an archive in the "newc" format, as a kernel would. Throws where it is not one. */
export function unpackCpio(archive: Buffer): readonly UnpackedEntry[] {
  const entries: UnpackedEntry[] = [];
  for (let at = 0; ;) {
    if (archive.toString("latin1", at, at + 6) !== "070701") throw new Error(`no header at byte ${at}`);
    const field = (n: number): number =>
      Number.parseInt(archive.toString("latin1", at + 6 + 8 * n, at + 14 + 8 * n), 16);
    const [mode, size, nameBytes] = [field(1), field(6), field(11)];
    const path = archive.toString("utf8", at + HEADER_BYTES, at + HEADER_BYTES + nameBytes - 1);
    const from = align(at + HEADER_BYTES + nameBytes);
    if (path === "TRAILER!!!") return entries;
    entries.push({ path, mode, content: archive.subarray(from, from + size) });
    at = align(from + size);
  }
}

function align(at: number): number {
  return Math.ceil(at / 4) * 4;
}
