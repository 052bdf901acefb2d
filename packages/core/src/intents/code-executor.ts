import {
  OptimizerError,
  RESPONSE_SCHEMA,
  type ErrorEnvelope,
  type FeatureFlags,
  type JsonObject,
  type JsonValue,
  type Log,
  type ResponseEnvelope,
  type ResponseMetadata,
  type SuccessEnvelope,
  type TokenCounter,
} from "@mcp-optimizer/contracts";
import { allCached } from "../cache/cached-result.ts";
import type { RunReport, RunRequest } from "../run/run-report.ts";
import type { IntentRegistry } from "./intent-registry.ts";
import type { IntentRouter, RouteOptions } from "./intent-router.ts";

/** What an executor stands on. */
export interface CodeExecutorParts {
  readonly flags: Readonly<Pick<FeatureFlags, "executionMode" | "maxTokensPerRequest">>;
  readonly registry: IntentRegistry;
  readonly router: IntentRouter;
  readonly run: (request: RunRequest) => Promise<RunReport>;
  readonly tokenCounter: TokenCounter;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  readonly log: Log;
}

/** Executes intents and programs; every answer is an envelope, and no method rejects. */
export class CodeExecutor {
  readonly #parts: CodeExecutorParts;

  constructor(parts: CodeExecutorParts) {
    this.#parts = parts;
  }

  /** Does an intent: 400 for parameters that do not fit, 429 when it would cost more tokens than a request may. */
  async executeIntent(
    intent: string,
    params: JsonObject,
    options: RouteOptions = {},
  ): Promise<ResponseEnvelope> {
    return await this.#answer(async () => {
      const { maxTokensPerRequest } = this.#parts.flags;
      const estimate = this.estimateTokens(intent, params);
      if (estimate > maxTokensPerRequest) {
        throw new OptimizerError("token_limit", {
          detail: `about ${estimate} tokens, and a request may cost ${maxTokensPerRequest}`,
        });
      }
      const answer = await this.#parts.router.route(intent, params, options);
      const { value, route, tokens, runId, cached = false } = answer;
      return {
        value,
        tokens: tokens || estimate,
        more: { route, cache_hit: cached, ...(runId !== undefined && { run_id: runId }) },
      };
    });
  }

  /** Runs a program; its value is given whole. */
  async executeCode(
    code: string,
    options: Omit<RunRequest, "code" | "whole"> = {},
  ): Promise<ResponseEnvelope> {
    return await this.#answer(async () => {
      const report = await this.#parts.run({ ...options, code, whole: true });
      const { error, value = null, tokens, runId, calls, session } = report;
      const made = session === undefined ? {} : { session_id: session };
      if (error !== undefined) {
        const { message, code: errorCode, ...facts } = error;
        throw OptimizerError.restore({
          code: errorCode,
          message,
          data: { ...facts, run_id: runId, ...made } as unknown as JsonObject,
        });
      }
      return {
        value,
        tokens: tokens.program + tokens.answer,
        more: { run_id: runId, ...made, cache_hit: allCached(calls) },
      };
    });
  }

  /** A value in its envelope. */
  structuredResponse(data: JsonValue, metadata: Partial<ResponseMetadata> = {}): SuccessEnvelope {
    const { executionMode: mode } = this.#parts.flags;
    return {
      jsonrpc: "2.0",
      result: {
        status: "success",
        data,
        metadata: { tokens_used: 0, execution_time_ms: 0, cache_hit: false, mode, ...metadata },
      },
      schema: RESPONSE_SCHEMA,
    };
  }

  /** An error in its envelope; `code` is an HTTP-style status. */
  errorResponse(message: string, code: number, data?: ErrorEnvelope["error"]["data"]): ErrorEnvelope {
    return { jsonrpc: "2.0", error: { code, message, ...(data && { data }) }, schema: RESPONSE_SCHEMA };
  }

  /** About how many tokens a request costs: its name, its parameters, and its program. */
  estimateTokens(intent: string, params: JsonObject): number {
    const { registry, tokenCounter } = this.#parts;
    const code = registry.intents.find(({ name }) => name === intent)?.code ?? "";
    return tokenCounter.count(`${intent}\n${JSON.stringify(params)}\n${code}`);
  }

  async #answer(
    work: () => Promise<{ value: JsonValue; tokens: number; more: Partial<ResponseMetadata> }>,
  ): Promise<ResponseEnvelope> {
    const { elapsed, log } = this.#parts;
    const from = elapsed();
    try {
      const { value, tokens, more } = await work();
      const ms = Math.round((elapsed() - from) * 10) / 10;
      return this.structuredResponse(value, { tokens_used: tokens, execution_time_ms: ms, ...more });
    } catch (cause) {
      if (!OptimizerError.is(cause)) log({ level: "error", message: "A request failed inside", cause });
      const { message, status, code, data } = OptimizerError.is(cause)
        ? cause
        : new OptimizerError("internal");
      return this.errorResponse(message, status, { ...data, code });
    }
  }
}
