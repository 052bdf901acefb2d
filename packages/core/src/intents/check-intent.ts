import type { Effect } from "@mcp-optimizer/contracts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { checkProgram } from "../check/check-program.ts";
import type { Finding } from "../check/finding.ts";
import { valueOfSchema } from "../check/parameter-value.ts";
import { PARAMETERS, type ProgramTrace, type ToolUse } from "../trace/program-trace.ts";
import type { Intent } from "./intent.ts";

/** What an intent is checked against. */
export interface IntentSurroundings {
  readonly catalogue: Catalogue;
  /** Of its program; undefined where it has none that can be read. */
  readonly trace?: ProgramTrace | undefined;
  /** Names that every guest has. Without them no name is reported as unknown. */
  readonly globals?: ReadonlySet<string> | undefined;
  /** What it does to the world. */
  readonly effect: Effect;
}

/**
 * Compares what stands behind an intent with its schema and with the catalogue: tools that do not exist, parameters that the schema does
 * not have, types that do not fit. One line each; what is only likely counts where the program does more than read, because it would not
 * be run then.
 */
export function checkIntent(intent: Intent, surroundings: IntentSurroundings): string[] {
  const { catalogue, trace, globals, effect } = surroundings;
  const { tool, parameterSchema: parameters } = intent;
  const byTool = tool === undefined ? [] : checkProgram(onlyUse(intent), { catalogue, parameters });
  const names = globals && new Set([...globals, PARAMETERS]);
  const byProgram =
    trace === undefined
      ? []
      : checkProgram(trace, { catalogue, parameters, ...(names && { globals: names }) });
  return [
    ...byTool.map(({ message }) => `its tool: ${message}`),
    ...byProgram.filter(({ weight }) => weight === "certain" || effect !== "read").map(lineOf),
  ];
}

/** The one call of an intent that a tool does. */
function onlyUse({ tool, parameterSchema }: Intent): ProgramTrace {
  const use: ToolUse = {
    names: [tool!.name],
    args: tool!.args === undefined ? valueOfSchema(parameterSchema) : { kind: "unknown" },
    position: { line: 1, column: 1 },
    extraArguments: false,
    floating: false,
  };
  return { uses: [use], reads: [], unawaited: [], parameters: [], freeNames: [], escapes: [] };
}

const lineOf = ({ position, message }: Finding): string =>
  `line ${position.line}, column ${position.column}: ${message}`;
