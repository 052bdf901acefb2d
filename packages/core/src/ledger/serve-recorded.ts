import {
  OptimizerError,
  type JsonObject,
  type ServedCallOptions,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import { callMetaTool, type MetaToolParts } from "../meta-tools.ts";
import type { ExecutedRun } from "../run/executor.ts";

/** What a client sent, and what it got for it. */
export interface ServedExchange {
  readonly kind: "search" | "program" | "direct";
  /** The tool as the client called it; empty for one that there is not. */
  readonly name: string;
  readonly args: JsonObject;
  readonly result: ToolResult;
  /** It came to nothing, and has to be done again in another way. */
  readonly failed: boolean;
  readonly runId?: string;
  /** The state of the question that the result is, where a person has to decide. */
  readonly asks?: string;
  /** The state of the question to which it brings a person's answer. */
  readonly answers?: string;
}

/** Calls one of the tools that are served. */
export type ServedCall = (name: string, args: JsonObject, options?: ServedCallOptions) => Promise<ToolResult>;

/** Serves tools, and tells what went to and fro. `before` is told of each call before it is made. */
export function serveRecorded(
  parts: MetaToolParts,
  before: (options: ServedCallOptions) => void,
  tell: (exchange: ServedExchange, options: ServedCallOptions) => void,
): ServedCall {
  return async (name, args, options = {}) => {
    before(options);
    let runId: string | undefined;
    let failed: boolean | undefined;
    let asks: string | undefined;
    const { approval, onApproval } = options;
    const answers = approval && { answers: approval.state };
    const noted = async (running: Promise<ExecutedRun>): Promise<ExecutedRun> => {
      const done = await running;
      ({ runId } = done.report);
      const code = done.report.error?.code;
      failed = code !== undefined && code !== "approval_required";
      return done;
    };
    const kind = kindOf(parts, name, options);
    try {
      const result = await callMetaTool(
        {
          ...parts,
          run: (...given) => noted(parts.run(...given)),
          wait: (...given) => noted(parts.wait(...given)),
          async callDirect(call) {
            const answer = await parts.callDirect(call);
            ({ runId } = answer);
            return answer;
          },
        },
        name,
        args,
        {
          ...options,
          onApproval(pending) {
            asks = pending.state;
            onApproval?.(pending);
          },
        },
      );
      failed ??= isOurError(result);
      const question = asks !== undefined && result.isError === true ? { asks } : undefined;
      tell(
        { kind, name, args, result, failed, ...question, ...answers, ...(runId !== undefined && { runId }) },
        options,
      );
      return result;
    } catch (error) {
      const text = OptimizerError.is(error) ? error.message : "";
      const result: ToolResult = { content: [{ type: "text", text }], isError: true };
      tell({ kind, name: "", args, result, failed: true }, options);
      throw error;
    }
  };
}

function kindOf(
  { exposure }: MetaToolParts,
  name: string,
  options: ServedCallOptions,
): ServedExchange["kind"] {
  if (exposure(options).upstream(name) !== undefined) return "direct";
  return name === "search_tools" ? "search" : name === "run_code" ? "program" : "direct";
}

/** What a tool itself reports as a failure it would have reported to anyone. */
function isOurError({ isError, _meta: meta }: ToolResult): boolean {
  const error = isError === true ? meta?.["mcp-optimizer/error"] : undefined;
  return error !== undefined && (error as JsonObject)["code"] !== "approval_required";
}
