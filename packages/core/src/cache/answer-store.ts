import { createHash } from "node:crypto";
import type { Clock, JsonValue, Log, ResponseCache } from "@mcp-optimizer/contracts";
import { canonicalJson } from "../catalogue/canonical-json.ts";
import { jsonSize } from "../result/json-size.ts";
import type { TrailRead } from "./read-trail.ts";

/** An answer that is kept. */
export interface StoredAnswer {
  readonly value: JsonValue;
  /** What the servers that it comes from had before they were asked, each with its origin. */
  readonly generations: Readonly<Record<string, string>>;
  /** When it is too old, in milliseconds since the epoch. */
  readonly until: number;
  /** The calls that it stands on, where it is not one of them itself. */
  readonly reads?: readonly TrailRead[];
}

/** Answers in a {@link ResponseCache}. What the store cannot do is as if nothing was kept. */
export interface AnswerStore {
  /** What is kept under a key, if it is not too old and its servers have not been written to. */
  find(key: string): Promise<StoredAnswer | undefined>;
  /** Keeps an answer, unless it is too large. */
  keep(key: string, answer: StoredAnswer): Promise<void>;
  /** Where a server's answers come from, as a part of keys: those of two origins do not push each other out. */
  readonly origin: (server: string) => string;
  /** The generation of a server now; undefined when nothing that it says can be kept. */
  generation(server: string): Promise<string | undefined>;
}

/** What a store of answers stands on. */
export interface AnswerStoreParts {
  readonly cache: ResponseCache;
  /** What a server's answers come from, beside its tools: with another text, those from before do not count. Default: always the same. */
  readonly origin?: ((server: string) => string) | undefined;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

const MAX_SIZE = 1024 * 1024;

/** Makes an {@link AnswerStore}. */
export function createAnswerStore(parts: AnswerStoreParts): AnswerStore {
  const { cache, origin = () => "", clock, log } = parts;
  const generations = async (servers: readonly string[]): Promise<(string | undefined)[]> => {
    const origins = servers.map(origin);
    const now = await cache.generations(servers);
    return now.map((generation, index) => generation && `${generation} ${origins[index]!}`);
  };
  const orNothing = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (cause) {
      log({ level: "warn", message: "The response cache failed", cause });
      return undefined;
    }
  };
  return {
    origin,
    find: (key) =>
      orNothing(async () => {
        const text = await cache.get(key);
        if (text === undefined) return undefined;
        const answer = JSON.parse(text) as StoredAnswer;
        if (answer.until <= clock.now()) return undefined;
        const servers = Object.keys(answer.generations);
        const now = await generations(servers);
        return servers.every((server, index) => answer.generations[server] === now[index])
          ? answer
          : undefined;
      }),
    async keep(key, answer) {
      const left = answer.until - clock.now();
      if (left <= 0 || jsonSize(answer as unknown as JsonValue, MAX_SIZE) > MAX_SIZE) return;
      await orNothing(() => cache.put(key, JSON.stringify(answer), left));
    },
    generation: async (server) => (await orNothing(() => generations([server])))?.[0],
  };
}

/** What an answer is found by. */
export function answerKey(kind: "call" | "intent", ...parts: readonly JsonValue[]): string {
  return createHash("sha256")
    .update(canonicalJson(["v1", kind, ...parts]))
    .digest("base64url");
}
