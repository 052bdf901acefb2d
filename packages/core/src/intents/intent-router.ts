import { AsyncLocalStorage } from "node:async_hooks";
import {
  OptimizerError,
  type Effect,
  type ExecutionMode,
  type JsonObject,
  type JsonValue,
  type Metrics,
  type ServedCallOptions,
  type ToolCallOptions,
} from "@mcp-optimizer/contracts";
import * as z from "zod";
import type { IntentCache } from "../cache/intent-cache.ts";
import type { DirectAnswer, DirectCall } from "../run/direct-call.ts";
import type { DirectRunner } from "../run/direct-run.ts";
import { contextOf, type RunContext } from "../run/run-context.ts";
import type { RunReport, RunRequest } from "../run/run-report.ts";
import type { Intent } from "./intent.ts";
import { INTENTS } from "./intent-definition.ts";
import type { IntentRegistry } from "./intent-registry.ts";
import { intentValue, type IntentValue } from "./intent-result.ts";
import type { IntentState } from "./intent-watch.ts";

/** Who asks, how long, and what a person has answered. */
export interface RouteOptions extends Omit<ServedCallOptions, "within" | "untilDone"> {
  /** Goes on with an earlier run of the same intent with the same parameters. Default: a new one. */
  readonly runId?: string;
  /** The session in which programs keep variables. Default: that of the connection. */
  readonly sessionId?: string;
}

/** What a route gave. */
export interface RoutedValue extends IntentValue {
  readonly runId: string;
}

/** What a router stands on. */
export interface IntentRouterParts {
  readonly mode: ExecutionMode;
  readonly registry: IntentRegistry;
  readonly state: (intent: Intent) => IntentState;
  /** Calls one tool: of {@link IntentRouter.route}, the intent itself. */
  readonly callTool: (call: DirectCall) => Promise<DirectAnswer>;
  /** Does work that calls tools. */
  readonly direct: DirectRunner;
  readonly run: (request: RunRequest) => Promise<RunReport>;
  /** Answers intents that only read from what they gave before. Default: nothing does. */
  readonly cache?: IntentCache;
  readonly metrics?: Metrics;
  /** Told when a simple route failed and the program is tried. */
  readonly onFallback?: (intent: string, error: OptimizerError) => void;
  /** How many intents may be under way within each other. Default 4. */
  readonly maxDepth?: number;
}

type Way = IntentValue["route"];

/**
 * Takes intents to what does them. `mcp_only`: the tool. `code_execution`: the program or function. `hybrid`: a simple intent tries its tool
 * first, and its program when the tool failed, unless the tool may have written all the same.
 */
export class IntentRouter {
  readonly #parts: IntentRouterParts;
  readonly #depth = new AsyncLocalStorage<number>();

  constructor(parts: IntentRouterParts) {
    this.#parts = parts;
  }

  /**
   * Does an intent as a call of its tool: policy is asked, the log has it as one run. Rejects with OptimizerError: `unknown_intent`,
   * `invalid_params`, `conflict` for an intent that contradicts its tools, `upstream_failed` for one that needs what is not here, or what
   * the way to it rejects with.
   */
  async route(name: string, params: JsonObject, options: RouteOptions = {}): Promise<RoutedValue> {
    this.#ready(name, params);
    const call = { ...options, name: `${INTENTS}.${name}`, args: params };
    const { result, runId } = await this.#parts.callTool(call);
    return { ...intentValue(result), runId };
  }

  /** Does an intent within the run that called it, or in one of its own. For the provider of intents. */
  async perform(name: string, params: JsonObject, options: ToolCallOptions = {}): Promise<IntentValue> {
    const { intent, input, effect } = this.#ready(name, params);
    const { maxDepth = 4, cache, mode } = this.#parts;
    const outer = contextOf(options.within);
    const depth = 1 + Math.max(outer?.depth ?? 0, this.#depth.getStore() ?? 0);
    if (depth > maxDepth) {
      const detail = `${name} is called by an intent that others call, ${maxDepth} deep; that is as deep as it goes`;
      throw new OptimizerError("call_limit", { detail });
    }
    const context: RunContext | undefined = outer && { ...outer, depth, raw: false };
    const take = (within?: RunContext): Promise<IntentValue> =>
      this.#take(intent, input, { ...options, ...(within && { within }) });
    const routed = await this.#depth
      .run(depth, () =>
        cache && context
          ? cache.answer({ intent, effect, params: input, mode, context }, take)
          : take(context),
      )
      .catch((error: unknown) => {
        throw asStarted(error);
      });
    // What a plan gives is made up.
    if (intent.output === undefined || outer?.approvals.planning === true) return routed;
    const value = parsed(intent.output, routed.value, "program_failed", `what ${name} gave`) as JsonValue;
    return { ...routed, value };
  }

  /** What is known of an intent. Throws `unknown_intent`. */
  state(name: string): IntentState {
    return this.#parts.state(this.#parts.registry.get(name));
  }

  #ready(name: string, params: JsonObject): { intent: Intent; input: JsonObject; effect: Effect } {
    const intent = this.#parts.registry.get(name);
    const input = parsed(intent.input, params, "invalid_params", "params") as JsonObject;
    const { findings, missing, effect } = this.#parts.state(intent);
    if (findings.length > 0) {
      const detail = `${name} and what it stands on contradict each other: ${findings.join("; ")}`;
      throw new OptimizerError("conflict", { detail, data: { findings: [...findings] } });
    }
    if (missing.length > 0) {
      const detail = `${name} needs ${missing.join(", ")}, which is not here`;
      throw new OptimizerError("upstream_failed", { detail, data: { notApplied: true } });
    }
    return { intent, input, effect };
  }

  async #take(intent: Intent, params: JsonObject, options: ToolCallOptions): Promise<IntentValue> {
    const { mode, onFallback } = this.#parts;
    const coded = intent.code !== undefined || intent.run !== undefined;
    if (mode === "mcp_only" && intent.tool === undefined) {
      throw new OptimizerError("policy_denied", {
        detail: `${intent.name} is done by a program, and the mode is mcp_only`,
      });
    }
    const toolFirst = mode === "mcp_only" || !coded || (mode === "hybrid" && intent.simple);
    if (!toolFirst) return await this.#byCode(intent, params, options, "code");
    try {
      return await this.#byTool(intent, params, options);
    } catch (error) {
      const mayGoOn = mode === "hybrid" && coded && OptimizerError.is(error) && isHarmless(error);
      if (!mayGoOn || options.signal?.aborted === true) throw error;
      onFallback?.(intent.name, error);
      return await this.#byCode(intent, params, options, "fallback");
    }
  }

  async #byTool({ name, tool }: Intent, params: JsonObject, options: ToolCallOptions): Promise<IntentValue> {
    const args = tool!.args === undefined ? params : tool!.args(params);
    const source = { kind: "call", tool: `${INTENTS}.${name}`, args: params } as const;
    this.#count(name, "tool");
    const { value } = await this.#parts.direct(source, options, (run) => run.call(tool!.name, args));
    return { value, route: "tool", tokens: 0 };
  }

  async #byCode(
    intent: Intent,
    params: JsonObject,
    options: ToolCallOptions,
    route: Way,
  ): Promise<IntentValue> {
    const { name, code, language } = intent;
    this.#count(name, route);
    if (code === undefined)
      return { value: await this.#byFunction(intent, params, options), route, tokens: 0 };
    const report = await this.#parts.run({ ...options, code, language, params, whole: true });
    const { error, value = null, tokens } = report;
    if (error !== undefined) {
      throw OptimizerError.restore({
        ...error,
        data: { intent: name, ...(error.tool !== undefined && { tool: error.tool }) },
      });
    }
    return { value, route, tokens: tokens.program + tokens.answer };
  }

  async #byFunction(
    { name, run, effect }: Intent,
    params: JsonObject,
    options: ToolCallOptions,
  ): Promise<JsonValue> {
    const { tenant = "local", signal } = options;
    const { direct } = this.#parts;
    const context = { tenant, ...(signal && { signal }) };
    // It is one call in the log of whoever called it, so what it calls is not.
    if (effect !== undefined) {
      const { within, ...rest } = options;
      const { sources, trail, fresh = false } = contextOf(within) ?? {};
      const own = { ...rest, fresh, ...(sources && { sources }), ...(trail && { trail }) };
      const callTool = async (tool: string, args: JsonObject = {}): Promise<JsonValue> => {
        const done = await direct({ kind: "call", tool, args }, own, (one) => one.call(tool, args)).catch(
          (error: unknown) => {
            throw asRefused(error);
          },
        );
        return done.value;
      };
      return await run!(params, { ...context, callTool });
    }
    const source = { kind: "call", tool: `${INTENTS}.${name}`, args: params } as const;
    const { value } = await direct(source, options, (own) =>
      run!(params, { ...context, callTool: (tool, args = {}) => own.call(tool, args) }),
    );
    return value;
  }

  #count(intent: string, route: Way): void {
    this.#parts.metrics?.count("intent_routes_total", { route, intent });
  }
}

/** What an intent fails with may come after other calls of it have worked: that its last one had no effect says nothing of the whole. */
function asStarted(error: unknown): unknown {
  if (!OptimizerError.is(error)) return error;
  const { code, message, data } = error;
  const { notApplied: _ofTheLast, ...facts } = data ?? {};
  return OptimizerError.restore({ code, message, data: { ...facts, started: true } });
}

/** Nobody can be asked in the middle of a function that is one call for everybody else. */
function asRefused(error: unknown): unknown {
  if (!OptimizerError.is(error) || error.code !== "approval_required") return error;
  const detail = "it needs a person's approval, which a function with an effect of its own cannot wait for";
  return new OptimizerError("policy_denied", { detail, cause: error });
}

/** Whether a call that failed certainly changed nothing. */
function isHarmless({ code, data }: OptimizerError): boolean {
  if (data?.["started"] === true) return false;
  return data?.["notApplied"] === true || HARMLESS.has(code);
}

const HARMLESS: ReadonlySet<string> = new Set(["tool_failed", "invalid_params", "unknown_tool"]);

function parsed(
  schema: z.ZodType,
  value: unknown,
  code: "invalid_params" | "program_failed",
  what: string,
): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${[what, ...path].join(".")}: ${message}`);
  throw new OptimizerError(code, { detail: problems.slice(0, 5).join("; ") });
}
