import {
  createMemoryContextStore,
  createMemoryExecutionLog,
  createMemorySessionStore,
  systemClock as clock,
} from "@mcp-optimizer/core";
import { expect, test } from "vitest";
import { Acknowledgements } from "../src/state/acknowledgements.ts";
import { runLoad } from "../src/state/run-load.ts";
import type { StateStores } from "../src/state/state-scenario.ts";
import { STATE_SCENARIOS } from "../src/state/state-scenarios.ts";

const WRITES = 2_000;

/** Writes some hundred times to stores, and looks whether all is there. */
async function lostOf(broken: (stores: StateStores) => Partial<StateStores>): Promise<number> {
  const stores: StateStores = {
    sessions: createMemorySessionStore({ clock }),
    context: createMemoryContextStore({ clock }),
    log: createMemoryExecutionLog({ clock }),
  };
  const acknowledged = new Acknowledgements();
  const enough = new AbortController();
  let writes = 0;
  await runLoad({
    name: "one",
    stores: { ...stores, ...broken(stores) },
    signal: enough.signal,
    acknowledge: (told) => {
      acknowledged.add(told);
      if (++writes === WRITES) enough.abort();
    },
  });
  return await acknowledged.lost(stores);
}

/** Every tenth time, something is said to be done and is not. */
const everyTenth = <T>(work: () => T, instead: () => T): (() => T) => {
  let count = 0;
  return () => (++count % 10 === 0 ? instead() : work());
};

test("stores that keep all lose nothing", async () => {
  expect(await lostOf(() => ({}))).toBe(0);
});

test.each<[what: string, broken: (stores: StateStores) => Partial<StateStores>]>([
  [
    "a session's update",
    ({ sessions }) => {
      const skip = everyTenth(
        () => false,
        () => true,
      );
      return {
        sessions: {
          ...sessions,
          update: async (tenant, id, version, data) =>
            skip() ? (await sessions.get(tenant, id))! : await sessions.update(tenant, id, version, data),
        },
      };
    },
  ],
  [
    "what was set last",
    ({ context }) => {
      let last = 0;
      return {
        context: { ...context, set: async (...args) => (++last > 20 ? [] : await context.set(...args)) },
      };
    },
  ],
  [
    "an outcome",
    ({ log }) => {
      const skip = everyTenth(
        () => false,
        () => true,
      );
      return { log: { ...log, settle: async (...args) => (skip() ? undefined : await log.settle(...args)) } };
    },
  ],
  ["the end of a run", ({ log }) => ({ log: { ...log, close: async () => undefined } })],
])("a store that loses %s is noticed", async (_what, broken) => {
  expect(await lostOf(broken)).toBeGreaterThan(0);
});

test.each(["redis-single", "sqlite-kill"])("%s loses nothing that was acknowledged", async (name) => {
  const scenario = STATE_SCENARIOS.find((one) => one.name === name)!;
  const kills = name === "sqlite-kill" ? 6 : 1;
  const outcome = await scenario.run({ seconds: 1, kills, say: () => undefined });
  expect(outcome).toMatchObject({ scenario: name, lostAcknowledged: 0, kills });
  expect(outcome.operations).toBeGreaterThan(20);
});
