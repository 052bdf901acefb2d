import {
  OptimizerError,
  type Clock,
  type JsonObject,
  type JsonValue,
  type Policy,
  type PolicyCall,
  type PolicyVerdict,
  type ResultVault,
  type ToolProgress,
  type ToolProvider,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { toolResultText, toolResultValue } from "../result/tool-result-value.ts";
import type { ArgumentCheck } from "./check-arguments.ts";
import { ToolCallFault } from "./guest-error.ts";
import type { RunContext } from "./run-context.ts";
import { spelledAsListed } from "./spelled-as-listed.ts";

/** What tool calls need. */
export interface ToolCallerParts {
  readonly providers: ReadonlyMap<string, ToolProvider>;
  /** The signature of a tool in one line. */
  readonly signature: (tool: CatalogueTool) => string;
  readonly checkArguments: ArgumentCheck;
  readonly policy: Policy;
  readonly vault: ResultVault;
  readonly clock: Clock;
}

/**
 * Calls a tool for a program: arguments checked, policy asked, server called, call recorded, result made a value.
 * Throws {@link ToolCallFault}.
 */
export type ToolCaller = (
  context: RunContext,
  tool: CatalogueTool,
  args: readonly JsonValue[],
  signal: AbortSignal,
) => Promise<JsonValue>;

const ERROR_TEXT = 2_000;

/** Makes a {@link ToolCaller}. */
export function createToolCaller(parts: ToolCallerParts): ToolCaller {
  return async (context, tool, args, signal) => {
    const started = parts.clock.elapsed();
    const record = (error?: OptimizerError): void => {
      const ms = Math.round((parts.clock.elapsed() - started) * 10) / 10;
      context.calls.push({ tool: tool.path, ok: !error, ms, ...(error && { error: error.code }) });
      context.report?.(`${tool.path} ${error ? "failed" : "done"}`);
    };
    try {
      const input = checkedArguments(parts, context, tool, args);
      const value = await callUpstream(parts, context, tool, input, signal);
      record();
      return value;
    } catch (error) {
      const fault = OptimizerError.is(error) ? error : new OptimizerError("internal", { cause: error });
      record(fault);
      throw new ToolCallFault(tool.path, fault);
    }
  };
}

async function callUpstream(
  { policy, providers, vault }: ToolCallerParts,
  { report, tenant }: RunContext,
  tool: CatalogueTool,
  args: JsonObject,
  signal: AbortSignal,
): Promise<JsonValue> {
  const { server, name, definition } = tool;
  const verdict = await verdictOf(policy, {
    tenant,
    server,
    tool: name,
    args,
    annotations: definition.annotations ?? {},
  });
  if (!verdict.allow) throw new OptimizerError("policy_denied", { detail: verdict.reason });
  const provider = providers.get(server);
  if (!provider) throw new OptimizerError("upstream_failed", { detail: `${server} is gone` });
  const onProgress = report && ((progress: ToolProgress) => report(`${tool.path} ${progressText(progress)}`));
  const result = await provider.callTool(name, args, { signal, ...(onProgress && { onProgress }) });
  if (result.isError === true) {
    throw new OptimizerError("tool_failed", {
      detail: failureText(result),
    });
  }
  return toolResultValue(result, (mimeType, base64) => vault.put(tenant, { kind: "blob", mimeType, base64 }));
}

/** A policy that throws denies. */
async function verdictOf(policy: Policy, call: PolicyCall): Promise<PolicyVerdict> {
  try {
    return await policy.decide(call);
  } catch {
    return { allow: false, reason: "the policy could not decide" };
  }
}

function checkedArguments(
  parts: ToolCallerParts,
  { language }: RunContext,
  tool: CatalogueTool,
  args: readonly JsonValue[],
): JsonObject {
  const [given = {}, ...more] = args;
  const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
  const python = language === "python";
  const input = python && isObject ? spelledAsListed(tool.definition.inputSchema, given) : given;
  const problems =
    more.length > 0 || !isObject
      ? [python ? "it takes keyword arguments" : "it takes one object of arguments"]
      : parts.checkArguments(tool, input as JsonObject);
  if (problems.length === 0) return input as JsonObject;
  const detail = `${problems.join("; ")}. Signature: ${parts.signature(tool)}`;
  throw new OptimizerError("invalid_params", { detail, data: { problems } });
}

/** The text of a failed result, or its structure where it has no text. */
function failureText(result: ToolResult): string {
  const { structuredContent } = result;
  const text = toolResultText(result, ERROR_TEXT);
  if (text !== "") return text;
  return structuredContent === undefined
    ? "it gave no reason"
    : JSON.stringify(structuredContent).slice(0, ERROR_TEXT);
}

const progressText = ({ progress, total, message }: ToolProgress): string =>
  `${progress}${total === undefined ? "" : `/${total}`}${message === undefined ? "" : ` ${message}`}`;
