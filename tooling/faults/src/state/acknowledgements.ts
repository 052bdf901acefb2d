import { setTimeout as pause } from "node:timers/promises";
import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";
import type { StateStores } from "./state-scenario.ts";

/** A write that a store has said to be kept. */
export type Acknowledgement =
  /** A counter is one higher. */
  | readonly ["count", counter: string]
  /** A context of its own has a number, higher than before. */
  | readonly ["set", context: string, value: number]
  | readonly ["intend" | "settle", run: string, index: number, key: string]
  | readonly ["close", run: string];

/** Where the load writes: tenants of their own are spread over the nodes of a cluster. */
export const tenantOf = (writer: string): string => `tenant of ${writer}`;
/** The log that a run belongs to. */
export const logOf = (run: string): string => run.slice(run.indexOf(" in ") + 4);
export const contextScope = (context: string) => ({
  tenant: tenantOf(context),
  session: context,
  namespace: "n",
});
export const CONTEXT_KEY = "value";
/** What a call has as its result. */
export const valueOf = (key: string): JsonValue => `done ${key}`;

const PATIENCE_MS = 20_000;

/** All that stores have said to be kept. */
export class Acknowledgements {
  readonly #counts = new Map<string, number>();
  readonly #contexts = new Map<string, number>();
  readonly #calls: (readonly [run: string, index: number, key: string, settled: boolean])[] = [];
  readonly #closed = new Set<string>();

  add(told: Acknowledgement): void {
    switch (told[0]) {
      case "count":
        this.#counts.set(told[1], (this.#counts.get(told[1]) ?? 0) + 1);
        break;
      case "set":
        this.#contexts.set(told[1], told[2]);
        break;
      case "close":
        this.#closed.add(told[1]);
        break;
      default:
        this.#calls.push([told[1], told[2], told[3], told[0] === "settle"]);
    }
  }

  /** How many of these the stores do not have. */
  async lost(stores: StateStores): Promise<number> {
    let lost = 0;
    for (const [counter, count] of this.#counts) {
      const session = await patiently(() => stores.sessions.get(tenantOf(counter), counter));
      lost += Math.max(0, count - Number(session?.data["n"] ?? 0));
    }
    for (const [context, value] of this.#contexts) {
      const found = await patiently(() => stores.context.get(contextScope(context), CONTEXT_KEY));
      if (!(Number(found) >= value)) lost += 1;
    }
    const calls = Map.groupBy(this.#calls, ([run]) => run);
    for (const run of new Set([...calls.keys(), ...this.#closed])) {
      const logged = await patiently(() => stores.log.read(tenantOf(logOf(run)), run));
      if (this.#closed.has(run) && logged?.state !== "closed") lost += 1;
      for (const [, index, key, settled] of calls.get(run) ?? []) {
        const call = logged?.calls[index];
        const kept =
          call?.key === key &&
          (!settled || (call.outcome.state === "applied" && call.outcome.value === valueOf(key)));
        if (!kept) lost += 1;
      }
    }
    return lost;
  }
}

/** Asks again while a store cannot be reached. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!OptimizerError.is(error) || error.code !== "store_unavailable" || Date.now() > end) throw error;
      await pause(100);
    }
  }
}
