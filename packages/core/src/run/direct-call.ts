import {
  OptimizerError,
  type Clock,
  type ExecutionLog,
  type JsonObject,
  type JsonValue,
  type RunSource,
  type ToolProgress,
} from "@mcp-optimizer/contracts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { openRunJournal } from "../log/run-journal.ts";
import { ToolCallFault } from "./guest-error.ts";
import { countReports } from "./run-context.ts";
import type { CallRecord } from "./run-report.ts";
import type { ToolCaller } from "./tool-caller.ts";

/** A call of one tool, without a program. */
export interface DirectCall {
  /** Any name of the tool that a program could use. */
  readonly name: string;
  readonly args: JsonObject;
  /** Whose call it is. Default `local`. */
  readonly tenant?: string;
  /** Goes on with an earlier call of the same tool with the same arguments. Default: a new one. */
  readonly runId?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ToolProgress) => void;
}

/** What a direct call gave. */
export interface DirectAnswer {
  readonly runId: string;
  readonly value: JsonValue;
  readonly calls: readonly CallRecord[];
}

/** What direct calls stand on. */
export interface DirectCallParts {
  readonly catalogue: () => Catalogue;
  readonly callTool: ToolCaller;
  readonly executionLog: ExecutionLog;
  readonly clock: Clock;
  readonly randomId: () => string;
}

const LEASE_MS = 3_600_000;
const NEVER = new AbortController().signal;

/** Calls a tool as a program would: arguments checked, policy asked, logged. Rejects with OptimizerError. */
export function createDirectCaller(parts: DirectCallParts): (call: DirectCall) => Promise<DirectAnswer> {
  const { catalogue, callTool, executionLog, clock, randomId } = parts;
  return async ({ name, args, tenant = "local", runId = `r_${randomId()}`, signal = NEVER, onProgress }) => {
    const tool = catalogue().resolve(name);
    if (tool === undefined) {
      const [meant] = catalogue().suggest(name, 1);
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      throw new OptimizerError("unknown_tool", { detail: `${name.slice(0, 200)}${hint}` });
    }
    const source: RunSource = { kind: "call", tool: tool.path, args };
    const owner = randomId();
    const begin = { log: executionLog, clock, tenant, runId, source, owner, leaseMs: LEASE_MS };
    const journal = await openRunJournal(begin);
    const calls: CallRecord[] = [];
    try {
      const language = "javascript" as const;
      const context = { tenant, language, journal, calls, report: countReports(onProgress) };
      return { runId, calls, value: await callTool(context, tool, [args], signal) };
    } catch (error) {
      throw error instanceof ToolCallFault ? error.fault : error;
    } finally {
      await journal.close();
    }
  };
}
