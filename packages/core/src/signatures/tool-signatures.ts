import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { compactType, type CompactLimits, type CompactPrinter } from "./compact-type.ts";
import { NO_OUTPUTS, type OutputLookup } from "./known-output.ts";
import { TypeNames } from "./named-types.ts";
import { shareTypes } from "./share-types.ts";
import { toolHead } from "./tool-head.ts";
import { toolTypes } from "./tool-types.ts";
import type { TypeNode } from "./type-node.ts";

/** How long the parts of a signature may be, in characters. */
export interface SignatureBudget {
  /** Default 900. */
  readonly args?: number;
  /** Default 600. */
  readonly result?: number;
}

/** Signatures, and the types that they refer to by name. */
export interface Signatures {
  /** One for each tool, in order. */
  readonly signatures: readonly string[];
  /** `type Name = …` declarations, each once. */
  readonly types: readonly string[];
}

type Level = Omit<CompactLimits, "length">;

const level = (depth: number, top: number, width: number, note?: number): Level => ({
  depth,
  top,
  width,
  note,
});

/** From most to least: comments shrink first, then what is nested deeply, the names of the arguments last. */
const ARGUMENT_LEVELS: readonly Level[] = [
  level(8, 60, 60, 120),
  level(8, 60, 60, 90),
  level(8, 60, 60, 70),
  level(6, 60, 40, 50),
  level(6, 60, 40, 35),
  level(4, 60, 24, 25),
  level(4, 60, 24, 0),
  level(3, 60, 16, 0),
  level(3, 60, 10, 0),
  level(2, 60, 10, 0),
  level(2, 60, 6, 0),
  level(2, 60, 6),
  level(2, 20, 4),
  level(1, 40, 4),
  level(1, 20, 4),
  level(1, 8, 3),
  level(1, 3, 2),
];

const RESULT_LEVELS: readonly Level[] = [
  level(8, 60, 60),
  level(6, 40, 24),
  level(5, 30, 16),
  level(4, 20, 12),
  level(4, 20, 8),
  level(3, 20, 8),
  level(3, 20, 6),
  level(2, 20, 8),
  level(2, 20, 4),
  level(2, 10, 4),
  level(1, 16, 4),
  level(1, 8, 3),
  level(1, 3, 2),
];

/**
 * One-line signatures of tools, each cut to the budget with every omission marked; a long type of several is printed once. `outputs` knows
 * results of which servers say nothing.
 */
export function toolSignatures(
  tools: readonly CatalogueTool[],
  budget: SignatureBudget = {},
  outputs: OutputLookup = NO_OUTPUTS,
): Signatures {
  const { args = 900, result = 600 } = budget;
  const names = new TypeNames();
  const hints = new Map<string, string>();
  const printer: CompactPrinter = { names, seen: (text, hint) => hints.set(text, hint) };
  const signatures = tools.map((tool) => {
    const { input, output, note } = toolTypes(tool, outputs(tool));
    return toolHead(
      tool,
      input,
      fit(input, ARGUMENT_LEVELS, args, printer, `${tool.identifier} args`),
      output === undefined
        ? "unknown"
        : fit(output, RESULT_LEVELS, result, printer, `${tool.identifier} result`),
      note,
    );
  });
  const types: string[] = [];
  // Printing a declaration may name further types, which join the list.
  for (let index = 0; index < names.declared.length; index++) {
    const { name, type } = names.declared[index]!;
    types.push(`type ${name} = ${fit(type, RESULT_LEVELS, result, printer, name)}`);
  }
  return shareTypes({ signatures, types }, hints, names);
}

function fit(
  type: TypeNode,
  levels: readonly Level[],
  length: number,
  printer: CompactPrinter,
  hint: string,
): string {
  for (const level of levels) {
    const text = compactType(type, { ...level, length }, printer, hint);
    if (text !== undefined) return text;
  }
  return "unknown /* … too large to show */";
}
