import type { LearnedType } from "@mcp-optimizer/contracts";
import { compactType } from "../signatures/compact-type.ts";
import { TypeNames } from "../signatures/named-types.ts";
import { decodeOutput } from "./learned-output.ts";
import { shapeType, textNote } from "./shape-type.ts";

const LEVEL = { depth: 12, top: 200, width: 200, note: undefined };

/**
 * A stored type as TypeScript on one line, with the format of a text, at most `length` characters; undefined for an entry that cannot be read,
 * as of another version.
 */
export function learnedSignature({ seen, type }: LearnedType, length: number = 2_000): string | undefined {
  const output = decodeOutput(seen, type);
  if (output === undefined) return undefined;
  const { shape } = output;
  const text = LEVELS.map((depth) =>
    compactType(shapeType(shape), { ...LEVEL, depth, length }, { names: new TypeNames() }, ""),
  ).find((printed) => printed !== undefined);
  const format = textNote(shape);
  return `${text ?? "unknown /* … too large to show */"}${format === "" ? "" : ` /* ${format} */`}`;
}

const LEVELS = [12, 5, 3, 2, 1];
