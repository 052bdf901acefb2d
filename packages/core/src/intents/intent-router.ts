import {
  OptimizerError,
  type ExecutionMode,
  type JsonObject,
  type JsonValue,
  type ResponseMetadata,
} from "@mcp-optimizer/contracts";
import * as z from "zod";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { DirectAnswer, DirectCall } from "../run/direct-call.ts";
import type { RunReport, RunRequest } from "../run/run-report.ts";
import type { Intent } from "./intent.ts";
import type { IntentRegistry } from "./intent-registry.ts";

/** Who asks, and how long. */
export interface RouteOptions {
  /** Default `local`. */
  readonly tenant?: string;
  readonly signal?: AbortSignal;
}

/** What a route gave. */
export interface RoutedValue {
  readonly value: JsonValue;
  readonly route: NonNullable<ResponseMetadata["route"]>;
  /** o200k_base tokens of program and answer; 0 where no program ran. */
  readonly tokens: number;
  readonly runId?: string;
}

/** What a router stands on. */
export interface IntentRouterParts {
  readonly mode: ExecutionMode;
  readonly registry: IntentRegistry;
  readonly catalogue: () => Catalogue;
  readonly callTool: (call: DirectCall) => Promise<DirectAnswer>;
  readonly run: (request: RunRequest) => Promise<RunReport>;
  /** Told when a simple route failed and the program is tried. */
  readonly onFallback?: (intent: string, error: OptimizerError) => void;
}

/**
 * Takes intents to what does them. `mcp_only`: the tool. `code_execution`: the program or function. `hybrid`: a simple intent tries its tool
 * first, and its program when the tool failed, unless the tool may have written all the same.
 */
export class IntentRouter {
  readonly #parts: IntentRouterParts;

  constructor(parts: IntentRouterParts) {
    this.#parts = parts;
  }

  /** Rejects with OptimizerError: `unknown_intent`, `invalid_params`, or what the route rejects with. */
  async route(name: string, params: JsonObject, options: RouteOptions = {}): Promise<RoutedValue> {
    const intent = this.#parts.registry.get(name);
    const input = parsed(intent.input, params, "invalid_params", "params") as JsonObject;
    this.#requireAll(intent);
    const routed = await this.#take(intent, input, options);
    if (intent.output === undefined) return routed;
    const value = parsed(intent.output, routed.value, "program_failed", `what ${name} gave`) as JsonValue;
    return { ...routed, value };
  }

  async #take(intent: Intent, params: JsonObject, options: RouteOptions): Promise<RoutedValue> {
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

  async #byTool({ tool }: Intent, params: JsonObject, options: RouteOptions): Promise<RoutedValue> {
    const { value, runId } = await this.#parts.callTool({
      ...options,
      name: tool!.name,
      args: tool!.args(params),
    });
    return { value, runId, route: "tool", tokens: 0 };
  }

  async #byCode(
    { name, code, run }: Intent,
    params: JsonObject,
    options: RouteOptions,
    route: RoutedValue["route"],
  ): Promise<RoutedValue> {
    const { tenant = "local", signal } = options;
    if (run !== undefined) {
      const callTool = async (tool: string, args: JsonObject = {}): Promise<JsonValue> =>
        (await this.#parts.callTool({ ...options, name: tool, args })).value;
      const value = await run(params, { callTool, tenant, ...(signal && { signal }) });
      return { value, route, tokens: 0 };
    }
    const report = await this.#parts.run({ ...options, code: code!, params, whole: true });
    const { error, value = null, tokens, runId } = report;
    if (error !== undefined) {
      throw OptimizerError.restore({
        ...error,
        data: { intent: name, ...(error.tool !== undefined && { tool: error.tool }) },
      });
    }
    return { value, route, runId, tokens: tokens.program + tokens.answer };
  }

  #requireAll({ name, requires }: Intent): void {
    const catalogue = this.#parts.catalogue();
    const missing = requires.filter(
      (need) => catalogue.resolve(need) === undefined && !((catalogue.server(need)?.tools.length ?? 0) > 0),
    );
    if (missing.length > 0) {
      throw new OptimizerError("upstream_failed", {
        detail: `${name} needs ${missing.join(", ")}, which is not here`,
      });
    }
  }
}

/** Whether a call that failed certainly changed nothing. */
function isHarmless({ code, data }: OptimizerError): boolean {
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
