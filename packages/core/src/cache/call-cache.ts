import {
  OptimizerError,
  type CallOutcome,
  type Clock,
  type JsonObject,
  type Log,
  type Metrics,
  type ResponseCache,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { answerKey, type AnswerStore } from "./answer-store.ts";
import type { CacheRules } from "./cache-settings.ts";
import type { ReadTrail } from "./read-trail.ts";

/** A call of a tool that only reads. */
export interface CacheableRead {
  readonly tenant: string;
  readonly tool: CatalogueTool;
  readonly args: JsonObject;
  /** What `callKey` makes of it. */
  readonly key: string;
  /** The tool takes an idempotency key: it is always asked. */
  readonly keyed: boolean;
  /** The caller wants it from the server; what that says is kept all the same. */
  readonly fresh?: boolean | undefined;
  /** Of the answer that the call is made for. */
  readonly trail?: ReadTrail | undefined;
}

/** Answers reads from earlier ones, and holds servers while they are written to. */
export interface CallCache {
  /** The result of an equal call of the same tenant, else of `send`. Rejects with what `send` rejects with. */
  read(
    call: CacheableRead,
    send: () => Promise<ToolResult>,
  ): Promise<{ readonly result: ToolResult; readonly cached: boolean }>;
  /**
   * Does what may write to a server; `perform` never rejects. Nothing that was read before or meanwhile counts once it has begun; after an
   * outcome that is unknown, nothing for a while. Where the cache cannot be told, it is not done: the outcome is `store_unavailable`.
   */
  write(server: string, perform: () => Promise<CallOutcome>): Promise<CallOutcome>;
}

/** What a {@link CallCache} stands on. */
export interface CallCacheParts {
  readonly answers: AnswerStore;
  readonly cache: Pick<ResponseCache, "hold" | "release">;
  readonly rules: CacheRules;
  readonly clock: Pick<Clock, "now">;
  readonly randomId: () => string;
  /** Counts `response_cache_hits_total` and `response_cache_misses_total`, by server. */
  readonly metrics?: Metrics | undefined;
  readonly log: Log;
}

/** How long a write holds its servers if nobody is left to say that it ended. One that takes longer voids again at its end. */
const WRITE_MS = 600_000;
/** How long a write that may still come to pass keeps its servers' answers from being kept. */
const DOUBT_MS = 300_000;

/** Makes a {@link CallCache}. */
export function createCallCache(parts: CallCacheParts): CallCache {
  const { answers, cache, rules, clock, randomId, metrics, log } = parts;
  return {
    async read({ tenant, tool, args, key, keyed, fresh = false, trail }, send) {
      const { server, hash } = tool;
      const ttlMs = keyed ? 0 : rules.ttlMs(`${server}.${tool.name}`);
      if (ttlMs === 0) {
        trail?.spoil();
        return { result: await send(), cached: false };
      }
      const own = answerKey("call", tenant, server, answers.origin(server), hash, key);
      const noted = { server, tool: tool.path, toolHash: hash, args };
      if (!fresh) {
        const found = await answers.find(own);
        metrics?.count(`response_cache_${found ? "hits" : "misses"}_total`, { server });
        if (found !== undefined) {
          trail?.note({ ...noted, generation: found.generations[server]!, until: found.until, cached: true });
          return { result: found.value as ToolResult, cached: true };
        }
      }
      const until = clock.now() + ttlMs;
      const generation = await answers.generation(server);
      const result = await send();
      if (generation === undefined || result.isError === true) trail?.spoil();
      else {
        trail?.note({ ...noted, generation, until, cached: false });
        await answers.keep(own, { value: result, generations: { [server]: generation }, until });
      }
      return { result, cached: false };
    },
    async write(server, perform) {
      const by = randomId();
      const names = rules.writtenWith(server);
      const all = (act: (name: string) => Promise<void>): Promise<unknown> => Promise.all(names.map(act));
      try {
        await all((name) => cache.hold(name, by, WRITE_MS));
      } catch (cause) {
        const detail = "the response cache cannot be told of the write";
        log({ level: "error", message: detail, cause });
        const { code, message } = new OptimizerError("store_unavailable", { detail });
        return { state: "failed", error: { code, message, data: { notApplied: true } } };
      }
      let known = false;
      try {
        const outcome = await perform();
        known = outcome.state !== "unknown";
        return outcome;
      } finally {
        // What cannot be told now ends by itself, later.
        await all((name) => (known ? cache.release(name, by) : cache.hold(name, by, DOUBT_MS))).catch(
          (cause: unknown) => log({ level: "warn", message: "The response cache failed", cause }),
        );
      }
    },
  };
}
