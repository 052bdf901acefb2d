import type { JsonObject, ToolDefinition, ToolProvider, ToolResult } from "@mcp-optimizer/contracts";
import { acceptsResult, learnResult } from "@mcp-optimizer/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { CallPair, ToolCall } from "./call-pair.ts";

/** What one call taught of a tool's results. */
export interface PairFigures {
  readonly server: string;
  readonly tool: string;
  /** Its server declares an output schema. */
  readonly declared: boolean;
  /** Both calls worked. */
  readonly callable: boolean;
  /** The type that a signature shows after the first call holds for the second: the declared one, else the learned one. */
  readonly correct: boolean;
  /** The type learned of the first result says something, and holds for the second. */
  readonly learned: boolean;
  /** What went wrong, else empty. */
  readonly detail: string;
}

/** Calls a tool, learns from the result, calls it again, and looks whether the type holds. */
export async function measurePair(
  provider: ToolProvider,
  definition: ToolDefinition,
  pair: CallPair,
): Promise<PairFigures> {
  const common = {
    server: provider.name,
    tool: pair.tool,
    declared: definition.outputSchema !== undefined,
  };
  try {
    await callAll(provider, pair.before);
    const learned = await learnResult(definition, await succeed(provider, [pair.tool, pair.first]));
    await callAll(provider, pair.between);
    const second = await succeed(provider, [pair.tool, pair.second]);
    const holds = await acceptsResult(learned, second);
    const problem = definition.outputSchema && schemaProblem(definition.outputSchema, second);
    const correct = common.declared ? problem === undefined : holds;
    const detail = correct ? "" : (problem ?? `not of the learned type: ${shortText(second)}`);
    return { ...common, callable: true, correct, learned: holds, detail };
  } catch (error) {
    return { ...common, callable: false, correct: false, learned: false, detail: (error as Error).message };
  }
}

async function callAll(provider: ToolProvider, calls: readonly ToolCall[] = []): Promise<void> {
  for (const call of calls) await succeed(provider, call);
}

async function succeed(provider: ToolProvider, [tool, args]: ToolCall): Promise<ToolResult> {
  const result = await provider.callTool(tool, args, { signal: AbortSignal.timeout(30_000) });
  if (result.isError === true) throw new Error(`${tool}: ${shortText(result)}`);
  return result;
}

const shortText = ({ content, structuredContent }: ToolResult): string =>
  JSON.stringify(structuredContent ?? content).slice(0, 200);

/** What of a result is not as its schema says; undefined when all is. */
function schemaProblem(outputSchema: JsonObject, { structuredContent }: ToolResult): string | undefined {
  const ajv = new Ajv2020({ strict: false, meta: false, validateSchema: false, logger: false });
  // Naming a dialect would ask for its meta-schema.
  const schema = Object.fromEntries(Object.entries(outputSchema).filter(([key]) => key !== "$schema"));
  const valid = ajv.compile(schema)(structuredContent);
  return valid ? undefined : `not of the declared type: ${ajv.errorsText(ajv.errors)}`;
}
