import { createHash } from "node:crypto";
import type { JsonObject, JsonValue, LoggedCall, LoggedRun, ToolResult } from "@mcp-optimizer/contracts";
import { canonicalJson } from "../catalogue/canonical-json.ts";
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import { callKey } from "../log/call-key.ts";
import { toolResultValue } from "../result/tool-result-value.ts";
import type { ArgumentCheck } from "../run/check-arguments.ts";
import { fillTemplate } from "./fill-template.ts";
import type { Inverse, Inverses } from "./inverses.ts";

/** A call of the run that is taken back. */
export type RevertedCall = Pick<LoggedCall, "index" | "tool" | "args">;

/** A call that takes one back. */
export interface RevertStep {
  readonly call: RevertedCall;
  /** `namespace.identifier`. */
  readonly tool: string;
  readonly args: JsonObject;
  /** An earlier attempt has done it. */
  readonly done: boolean;
}

/** A call that stays as it is. */
export interface LastingCall {
  readonly call: RevertedCall;
  readonly why: string;
}

/** How a run is taken back. */
export interface RevertPlan {
  readonly runId: string;
  /** What it is known by: the same steps have the same. */
  readonly id: string;
  /** In the order in which they are done: the last write of the run first. */
  readonly steps: readonly RevertStep[];
  /** Writes, and what may have been, that cannot be taken back. In the same order. */
  readonly cannot: readonly LastingCall[];
}

/** What a plan is made from. */
export interface RevertPlanParts {
  readonly catalogue: Catalogue;
  readonly inverses: Inverses;
  readonly checkArguments: ArgumentCheck;
  /** Why a call may not be made; undefined when it may. */
  readonly forbids: (tool: CatalogueTool, args: JsonObject) => Promise<string | undefined>;
  /** What was done before to take the run back. */
  readonly earlier: readonly LoggedCall[];
  /** Places of calls that the person wants left as they are. */
  readonly skip: readonly number[];
}

/** Plans how a run's applied writes are undone, the last first. */
export async function planRevert(run: LoggedRun, parts: RevertPlanParts): Promise<RevertPlan> {
  const steps: RevertStep[] = [];
  const cannot: LastingCall[] = [];
  const earlier = groupByKey(parts.earlier);
  for (const call of writesOf(run.calls).toReversed()) {
    const { index, tool, args } = call;
    const short = { index, tool, args };
    const undo = await undoOf(run, call, parts);
    if ("why" in undo) {
      cannot.push({ call: short, why: undo.why });
      continue;
    }
    const { applied = 0, doubtful = false } = earlier.get(callKey(undo.tool, undo.args)) ?? {};
    if (applied > 0) earlier.set(callKey(undo.tool, undo.args), { applied: applied - 1, doubtful });
    if (applied === 0 && doubtful) {
      cannot.push({ call: short, why: `${undo.tool} was called for it, and nobody knows whether it worked` });
      continue;
    }
    steps.push({ call: short, tool: undo.tool, args: undo.args, done: applied > 0 });
  }
  const named = steps.map(({ call, tool, args }) => [call.index, tool, args] as JsonValue);
  const id = createHash("sha256")
    .update(canonicalJson([run.runId, ...named]))
    .digest("base64url");
  return { runId: run.runId, id, steps, cannot };
}

/** Calls that changed something or may have. A doubt is over when the call was sent again under its idempotency key and worked. */
function writesOf(calls: readonly LoggedCall[]): LoggedCall[] {
  const applied = new Set(
    calls.flatMap(({ outcome, idempotencyKey }) =>
      outcome.state === "applied" ? (idempotencyKey ?? []) : [],
    ),
  );
  return calls.filter(({ effect, outcome, idempotencyKey }) => {
    if (effect === "read" || outcome.state === "failed") return false;
    return outcome.state === "applied" || idempotencyKey === undefined || !applied.has(idempotencyKey);
  });
}

type Undo = { readonly tool: string; readonly args: JsonObject } | { readonly why: string };

async function undoOf(run: LoggedRun, call: LoggedCall, parts: RevertPlanParts): Promise<Undo> {
  const { catalogue, checkArguments, forbids, skip } = parts;
  const { outcome, tool: path, args } = call;
  if (skip.includes(call.index)) return { why: "it is left as it is, as asked" };
  if (outcome.state !== "applied") return { why: "nobody knows whether it happened; look, then decide" };
  const tool = catalogue.tools.find((one) => one.path === path);
  if (tool === undefined) return { why: `there is no ${path} any more` };
  if (tool.hash !== call.toolHash) return { why: `${path} is not the tool any more that was called` };
  const inverse = inverseOf(tool, parts);
  if (inverse === undefined) return { why: `no inverse of ${path} is declared` };
  const undoing = catalogue.resolve(inverse.tool);
  if (undoing === undefined) return { why: `its inverse needs ${inverse.tool}, which is not there` };
  const result = await recordedValue(run, outcome.value);
  const filled = fillTemplate(inverse.args, { args, result });
  if ("missing" in filled)
    return { why: `its inverse needs ${filled.missing}, which the call does not have` };
  const problems = checkArguments(undoing, filled.args);
  if (problems.length > 0)
    return { why: `${undoing.path} does not take the arguments: ${problems.join("; ")}` };
  const forbidden = await forbids(undoing, filled.args);
  return forbidden === undefined ? { tool: undoing.path, args: filled.args } : { why: forbidden };
}

const inverseOf = (tool: CatalogueTool, { catalogue, inverses }: RevertPlanParts): Inverse | undefined =>
  Object.entries(inverses).find(([name]) => catalogue.resolve(name)?.path === tool.path)?.[1];

/** The value of a call as a program gets it; a run of one call has the result as its server sent it. */
async function recordedValue({ source }: LoggedRun, value: JsonValue): Promise<JsonValue> {
  if (source.kind !== "call" || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value) || !Array.isArray(value["content"])) return value;
  return await toolResultValue(value as unknown as ToolResult, async () => "");
}

interface EarlierUndo {
  readonly applied: number;
  readonly doubtful: boolean;
}

function groupByKey(calls: readonly LoggedCall[]): Map<string, EarlierUndo> {
  const groups = new Map<string, EarlierUndo>();
  for (const { key, outcome, idempotencyKey } of writesOf(calls)) {
    const { applied = 0, doubtful = false } = groups.get(key) ?? {};
    const worked = outcome.state === "applied";
    const doubt = !worked && idempotencyKey === undefined;
    groups.set(key, { applied: applied + (worked ? 1 : 0), doubtful: doubtful || doubt });
  }
  return groups;
}
