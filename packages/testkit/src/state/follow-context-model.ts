import type { ContextScope, ContextStore } from "@mcp-optimizer/contracts";
import { expect } from "vitest";
import { ContextModel } from "./context-model.ts";
import { refusalCode } from "./refusal-code.ts";

const STEPS = 300;
const LIMIT = 120;
const NAMESPACES = ["n", "m"];
const KEYS = ["a", "b", "ü", "long key"];

/** Does the same things by chance to a store and to the model of its port, and compares what they say. */
export async function followModel(
  store: ContextStore,
  pass: (ms: number) => void | Promise<void>,
): Promise<void> {
  const model = new ContextModel();
  const pick = chance(20_261_121);
  for (let step = 0; step < STEPS; step++) {
    const scope: ContextScope = { tenant: "t", session: "s", namespace: NAMESPACES[pick(2)]! };
    const key = KEYS[pick(KEYS.length)]!;
    const what = pick(20);
    const at = `step ${step}`;
    if (what < 9) {
      const value = "v".repeat(pick(20) === 0 ? LIMIT : pick(60));
      const ttlMs = 100 * (1 + pick(10));
      const evicted = model.set(scope, key, value, ttlMs, LIMIT);
      const done = store.set(scope, key, value, { ttlMs, limitBytes: LIMIT });
      if (evicted === undefined) expect(await refusalCode(done), at).toBe("context_limit");
      else expect(await done, at).toEqual(evicted);
    } else if (what < 14) {
      expect(await store.get(scope, key), at).toEqual(model.get(scope, key));
    } else if (what < 16) {
      expect(await store.delete(scope, key), at).toBe(model.delete(scope, key));
    } else if (what < 19) {
      const ms = 50 * (1 + pick(4));
      model.pass(ms);
      await pass(ms);
    } else {
      const one = pick(2) === 0 ? scope.namespace : undefined;
      expect(await store.clear("t", "s", one), at).toBe(model.clear(one));
    }
    expect(await store.keys(scope), at).toEqual(model.keys(scope));
    expect(await store.size("t", "s"), at).toBe(model.size());
    expect(await store.size("t", "s", scope.namespace), at).toBe(model.size(scope.namespace));
  }
}

/** Whole numbers below a bound, the same in every run: a Lehmer generator. */
function chance(seed: number): (below: number) => number {
  let state = seed % 2_147_483_647;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
