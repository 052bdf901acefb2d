import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { declarationType, type DeclarationLimits } from "./declaration-type.ts";
import { NO_OUTPUTS, type OutputLookup } from "./known-output.ts";
import { TypeNames } from "./named-types.ts";
import { cutText, safeLines, safeText } from "./safe-text.ts";
import { toolHead } from "./tool-head.ts";
import { toolTypes } from "./tool-types.ts";
import type { TypeNode } from "./type-node.ts";

const LEVELS: readonly Omit<DeclarationLimits, "length">[] = [
  { depth: 12, width: 200, doc: 600 },
  { depth: 8, width: 100, doc: 300 },
  { depth: 6, width: 60, doc: 160 },
  { depth: 4, width: 60, doc: 120 },
  { depth: 3, width: 60, doc: 80 },
  { depth: 2, width: 60, doc: 80 },
  { depth: 1, width: 60, doc: 80 },
  { depth: 1, width: 20, doc: 0 },
  { depth: 1, width: 5, doc: 0 },
];

/** How long the parts of a declaration may be, in characters. */
export interface DeclarationBudget {
  /** Default 8,000. */
  readonly args?: number;
  /** Default 6,000. */
  readonly result?: number;
  /** The tool's own description. Default 3,000. */
  readonly description?: number;
}

/** A tool's declaration with doc comments: whole in nearly all cases, otherwise cut with every omission marked. */
export function toolDeclaration(
  tool: CatalogueTool,
  budget: DeclarationBudget = {},
  outputs: OutputLookup = NO_OUTPUTS,
): string {
  const { args = 8_000, result = 6_000, description = 3_000 } = budget;
  const names = new TypeNames();
  const { input, output, note } = toolTypes(tool, outputs(tool));
  const head = toolHead(
    tool,
    input,
    fit(input, args, names),
    output === undefined ? "unknown" : fit(output, result, names),
    note,
  );
  const types: string[] = [];
  for (let index = 0; index < names.declared.length; index++) {
    const { name, type } = names.declared[index]!;
    types.push(`type ${name} = ${fit(type, result, names)}`);
  }
  return [...types, `${docComment(tool, description)}${head}`].join("\n");
}

function fit(type: TypeNode, length: number, names: TypeNames): string {
  for (const level of LEVELS) {
    const text = declarationType(type, { ...level, length }, names);
    if (text !== undefined) return text;
  }
  return "unknown /* … too large to show */";
}

function docComment(tool: CatalogueTool, length: number): string {
  const text = safeLines(cutText(tool.definition.description ?? "", length)).map(safeText);
  const hints = toolHints(tool);
  const lines = [...(text.join("") === "" ? [] : text), ...(hints === "" ? [] : [hints])];
  if (lines.length === 0) return "";
  if (lines.length === 1) return `/** ${lines[0]} */\n`;
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`;
}

/** What the server says of the tool's effects. */
function toolHints({ definition }: CatalogueTool): string {
  const { readOnlyHint, destructiveHint, idempotentHint } = definition.annotations ?? {};
  const hints = [
    readOnlyHint === true ? "only reads" : "",
    destructiveHint === true && readOnlyHint !== true ? "may destroy data" : "",
    idempotentHint === true && readOnlyHint !== true ? "repeating it changes nothing more" : "",
  ].filter((hint) => hint !== "");
  return hints.length === 0 ? "" : `The server says: ${hints.join("; ")}.`;
}
