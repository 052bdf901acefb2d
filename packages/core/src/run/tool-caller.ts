import {
  OptimizerError,
  type CallOutcome,
  type Clock,
  type JsonObject,
  type JsonValue,
  type Policy,
  type PolicyCall,
  type PolicyVerdict,
  type ResultVault,
  type ToolProgress,
  type ToolProvider,
} from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { asPolicyTool } from "../check/program-check.ts";
import { toolResultValue } from "../result/tool-result-value.ts";
import type { ArgumentCheck } from "./check-arguments.ts";
import type { JournalAnswer } from "../log/run-journal.ts";
import { callOutcome } from "./call-outcome.ts";
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

/** Makes a {@link ToolCaller}. */
export function createToolCaller(parts: ToolCallerParts): ToolCaller {
  return async (context, tool, args, signal) => {
    const started = parts.clock.elapsed();
    const record = (error: OptimizerError | undefined, replayed: boolean): void => {
      const ms = Math.round((parts.clock.elapsed() - started) * 10) / 10;
      const more = { ...(error && { error: error.code }), ...(replayed && { replayed }) };
      context.calls.push({ tool: tool.path, ok: !error, ms, ...more });
      context.report?.(`${tool.path} ${error ? "failed" : "done"}`);
    };
    try {
      requireForeseen(context, tool);
      const input = checkedArguments(parts, context, tool, args);
      const { value, replayed } = await callUpstream(parts, context, tool, input, signal);
      record(undefined, replayed);
      return value;
    } catch (error) {
      const fault = OptimizerError.is(error) ? error : new OptimizerError("internal", { cause: error });
      record(fault, false);
      throw new ToolCallFault(tool.path, fault);
    }
  };
}

async function callUpstream(
  parts: ToolCallerParts,
  context: RunContext,
  tool: CatalogueTool,
  args: JsonObject,
  signal: AbortSignal,
): Promise<JournalAnswer> {
  const { policy, providers, vault } = parts;
  const { report, tenant, journal } = context;
  const { server, name } = tool;
  const named = asPolicyTool(tool);
  const verdict = await verdictOf(policy, { tenant, tool: named, args });
  if (verdict.decide !== "allow") throw new OptimizerError("policy_denied", { detail: verdict.reason });
  const provider = providers.get(server);
  if (!provider) throw new OptimizerError("upstream_failed", { detail: `${server} is gone` });
  const onProgress = report && ((progress: ToolProgress) => report(`${tool.path} ${progressText(progress)}`));
  const effect = policy.effect(named);
  const perform = (): Promise<CallOutcome> =>
    callOutcome(
      effect,
      () => provider.callTool(name, args, { signal, ...(onProgress && { onProgress }) }),
      (result) =>
        toolResultValue(result, (mimeType, base64) => vault.put(tenant, { kind: "blob", mimeType, base64 })),
    );
  return await journal.call({ tool, args, effect, repeatable: policy.repeatable(named) }, perform);
}

/** A tool that the program's text does not show is not called: what was checked before the run would not hold. */
function requireForeseen({ mayCall }: RunContext, { path }: CatalogueTool): void {
  if (mayCall?.has(path) === false) {
    throw new OptimizerError("policy_denied", {
      detail: `the text of the program does not show that it calls ${path}; write the name out`,
    });
  }
}

/** A policy that throws denies. */
async function verdictOf(policy: Policy, call: PolicyCall): Promise<PolicyVerdict> {
  try {
    return await policy.decide(call);
  } catch {
    return { decide: "deny", reason: "the policy could not decide" };
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

const progressText = ({ progress, total, message }: ToolProgress): string =>
  `${progress}${total === undefined ? "" : `/${total}`}${message === undefined ? "" : ` ${message}`}`;
