import { createHash } from "node:crypto";
import type { Clock, JsonValue, Log, ResponseCache } from "@mcp-optimizer/contracts";
import { canonicalJson } from "../catalogue/canonical-json.ts";
import { jsonSize } from "../result/json-size.ts";
import type { TrailRead } from "./read-trail.ts";

/** An answer that is kept. */
export interface StoredAnswer {
  readonly value: JsonValue;
  /** What the servers that it comes from had before they were asked. */
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
  /** The generation of a server now; undefined when nothing that it says can be kept. */
  generation(server: string): Promise<string | undefined>;
}

/** What a store of answers stands on. */
export interface AnswerStoreParts {
  readonly cache: ResponseCache;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

const MAX_SIZE = 1024 * 1024;

/** Makes an {@link AnswerStore}. */
export function createAnswerStore({ cache, clock, log }: AnswerStoreParts): AnswerStore {
  const orNothing = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (cause) {
      log({ level: "warn", message: "The response cache failed", cause });
      return undefined;
    }
  };
  return {
    find: (key) =>
      orNothing(async () => {
        const text = await cache.get(key);
        if (text === undefined) return undefined;
        const answer = JSON.parse(text) as StoredAnswer;
        if (answer.until <= clock.now()) return undefined;
        const servers = Object.keys(answer.generations);
        const now = await cache.generations(servers);
        return servers.every((server, index) => answer.generations[server] === now[index])
          ? answer
          : undefined;
      }),
    async keep(key, answer) {
      const left = answer.until - clock.now();
      if (left <= 0 || jsonSize(answer as unknown as JsonValue, MAX_SIZE) > MAX_SIZE) return;
      await orNothing(() => cache.put(key, JSON.stringify(answer), left));
    },
    generation: async (server) => (await orNothing(() => cache.generations([server])))?.[0],
  };
}

/** What an answer is found by. */
export function answerKey(kind: "call" | "intent", ...parts: readonly JsonValue[]): string {
  return createHash("sha256")
    .update(canonicalJson(["v1", kind, ...parts]))
    .digest("base64url");
}
