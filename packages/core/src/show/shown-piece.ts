import type { ContentBlock } from "@mcp-optimizer/contracts";

/** What a program handed to the client beside its value. */
export interface ShownPiece {
  /** As the client gets it. */
  readonly block: ContentBlock;
  /** Of the file, or the address of the resource; absent where nobody named it. */
  readonly name?: string;
  readonly mimeType: string;
  /** Of what is in the block; 0 for a link. */
  readonly bytes: number;
}

/** What a run may show. */
export interface ShownLimits {
  readonly pieces: number;
  /** Of one piece. */
  readonly bytes: number;
  /** Of one piece that is a text: clients may give it to the model. */
  readonly textBytes: number;
  readonly totalBytes: number;
}

const MIB = 1_048_576;
/** The limits of every run. */
export const SHOWN_LIMITS: ShownLimits = { pieces: 16, bytes: 5 * MIB, textBytes: MIB, totalBytes: 20 * MIB };

/** A piece in a few words. */
export function shownLabel({ block, name, mimeType, bytes }: ShownPiece): string {
  const named = name === undefined ? "" : `${name.slice(0, 100)}, `;
  return block.type === "resource_link"
    ? `${named}${mimeType}, a link`
    : `${named}${mimeType}, ${sizeLabel(bytes)}`;
}

/** A number of bytes in a unit in which it is short. */
export function sizeLabel(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
