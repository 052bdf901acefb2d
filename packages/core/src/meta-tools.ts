import {
  OptimizerError,
  type JsonObject,
  type ServedCallOptions,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import type { Viewer } from "./catalogue/viewer.ts";
import type { Exposure, OwnTool } from "./modes/exposure.ts";
import { parseCallArguments } from "./modes/parse-call-arguments.ts";
import { parseRunArguments } from "./modes/parse-run-arguments.ts";
import { unlistedTool, unknownUpstreamTool } from "./modes/unknown-tool.ts";
import { isDeeper } from "./result/is-deeper.ts";
import type { DirectAnswer, DirectCall } from "./run/direct-call.ts";
import type { ExecutedRun } from "./run/executor.ts";
import { parseSearchRequest } from "./run/parse-search-request.ts";
import type { RunRequest } from "./run/run-report.ts";
import type { SearchRequest } from "./search/search-answer.ts";

/** What stands behind the tools that a client sees. */
export interface MetaToolParts {
  readonly exposure: (viewer?: Viewer) => Exposure;
  /** What a caller sees. */
  readonly catalogue: (viewer?: Viewer) => Catalogue;
  /** The text that the model reads. */
  readonly search: (request: SearchRequest, viewer?: Viewer) => string;
  readonly run: (request: RunRequest, options: ServedCallOptions) => Promise<ExecutedRun>;
  /** Waits for a run that was answered before it ended, or that a person has to decide on. */
  readonly wait: (runId: string, options: ServedCallOptions) => Promise<ExecutedRun>;
  readonly callDirect: (
    call: DirectCall & ServedCallOptions,
  ) => Promise<Pick<DirectAnswer, "result" | "runId">>;
  /** A result of `call_tool` as the model reads it. */
  readonly shape: (tenant: string, sources: readonly string[], result: ToolResult) => Promise<ToolResult>;
}

/** Levels of nesting that arguments may have. */
const DEEPEST = 256;

/**
 * Calls a tool of the list: one of the optimizer's own, or an upstream tool, whose result comes back as the server sent it. Wrong arguments,
 * failed programs and calls that could not be made are results with `isError`. Rejects with `unknown_tool` for another name.
 */
export async function callMetaTool(
  parts: MetaToolParts,
  name: string,
  args: JsonObject,
  options: ServedCallOptions = {},
): Promise<ToolResult> {
  const exposure = parts.exposure(options);
  const upstream = exposure.upstream(name);
  if (upstream === undefined && !exposure.own.has(name as OwnTool)) {
    throw unlistedTool(name, exposure, parts.catalogue(options));
  }
  try {
    if (isDeeper(args, DEEPEST)) {
      throw new OptimizerError("invalid_params", {
        detail: `the arguments are nested more than ${DEEPEST} levels deep`,
      });
    }
    if (upstream !== undefined)
      return (await parts.callDirect({ ...options, name: upstream.path, args })).result;
    return await callOwn(parts, name as OwnTool, args, options);
  } catch (error) {
    if (OptimizerError.is(error)) return errorResult(error);
    throw error;
  }
}

async function callOwn(
  parts: MetaToolParts,
  name: OwnTool,
  args: JsonObject,
  options: ServedCallOptions,
): Promise<ToolResult> {
  if (name === "search_tools") return textResult(parts.search(parseSearchRequest(args), options));
  if (name === "run_code") {
    const asked = parseRunArguments(args);
    const waits = "waitFor" in asked;
    return runResult(await (waits ? parts.wait(asked.waitFor, options) : parts.run(asked.program, options)));
  }
  const call = parseCallArguments(args);
  const catalogue = parts.catalogue(options);
  const tool = parts.exposure(options).upstream(call.name) ?? catalogue.resolve(call.name);
  if (tool === undefined) throw unknownUpstreamTool(call.name, catalogue);
  const sources = new Set<string>();
  const { result } = await parts.callDirect({ ...options, name: tool.path, args: call.args, sources });
  return await parts.shape(options.tenant ?? "local", [...sources], result);
}

/** The model reads the text, and what was shown follows it; the figures of the run are beside it, for clients and logs. */
function runResult({ answer, report }: ExecutedRun): ToolResult {
  const { runId, durationMs, tokens, calls, error, shown } = report;
  const { calls: inner, ...spent } = tokens;
  return {
    content: [{ type: "text", text: answer }, ...shown.map(({ block }) => block)],
    ...(error && { isError: true }),
    _meta: {
      "mcp-optimizer/run": {
        runId,
        durationMs,
        tokens: { ...spent, ...(inner && { calls: { ...inner } }) },
        calls: calls.map(({ more, ...call }) => ({ ...call, ...(more && { more: { ...more } }) })),
      },
    },
  };
}

/** What there is to know of it beside the text, such as when to try again, is for clients. */
const errorResult = ({ code, status, message, data }: OptimizerError): ToolResult => ({
  ...textResult(`${code}: ${message}`),
  isError: true,
  _meta: { "mcp-optimizer/error": { code, status, ...(data && { data }) } },
});

const textResult = (text: string): ToolResult => ({ content: [{ type: "text", text }] });
