import {
  OptimizerError,
  type ToolCallOptions,
  type JsonObject,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import * as z from "zod";
import { parseLanguage } from "./program/program-language.ts";
import { parseSearchRequest } from "./run/parse-search-request.ts";
import type { ExecutedRun } from "./run/executor.ts";
import type { RunRequest } from "./run/run-report.ts";
import type { SearchRequest } from "./search/search-answer.ts";

/** What stands behind the tools that the model sees. */
export interface MetaToolParts {
  /** The text that the model reads. */
  readonly search: (request: SearchRequest) => string;
  readonly run: (request: RunRequest) => Promise<ExecutedRun>;
}

interface RunArguments {
  readonly code: string;
  readonly language?: string | undefined;
}

const RunArguments: z.ZodType<RunArguments> = z.strictObject({
  code: z.string(),
  language: z.string().optional(),
});

/**
 * Calls one of the tools of the manifest. Wrong arguments and failed programs are results with `isError`.
 * Rejects with `unknown_tool` for another name.
 */
export async function callMetaTool(
  parts: MetaToolParts,
  name: string,
  args: JsonObject,
  options: ToolCallOptions = {},
): Promise<ToolResult> {
  try {
    switch (name) {
      case "search_tools":
        return textResult(parts.search(parseSearchRequest(args)));
      case "run_code":
        return runResult(await parts.run({ ...parseRunArguments(args), ...options }));
      default:
    }
  } catch (error) {
    if (OptimizerError.is(error)) return { ...textResult(`${error.code}: ${error.message}`), isError: true };
    throw error;
  }
  throw new OptimizerError("unknown_tool", {
    detail: `${JSON.stringify(name.slice(0, 100))}; there are search_tools and run_code. Upstream tools are called inside run_code`,
  });
}

function parseRunArguments(args: JsonObject): Pick<RunRequest, "code" | "language"> {
  const parsed = RunArguments.safeParse(args);
  if (parsed.success) {
    const { code, language } = parsed.data;
    return { code, ...(language !== undefined && { language: parseLanguage(language) }) };
  }
  const problems = z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, " ");
  throw new OptimizerError("invalid_params", { detail: `run_code takes { code: string }. ${problems}` });
}

/** The model reads the text; the figures of the run are beside it, for clients and logs. */
function runResult({ answer, report }: ExecutedRun): ToolResult {
  const { runId, durationMs, tokens, calls, error } = report;
  return {
    ...textResult(answer),
    ...(error && { isError: true }),
    _meta: {
      "mcp-optimizer/run": {
        runId,
        durationMs,
        tokens: { ...tokens },
        calls: calls.map((call) => ({ ...call })),
      },
    },
  };
}

const textResult = (text: string): ToolResult => ({ content: [{ type: "text", text }] });
