import {
  createFixtureToolbox,
  createInMemoryProvider,
  createManualClock,
  type FixtureTool,
} from "@mcp-optimizer/testkit";
import { describe, expect, test } from "vitest";
import { watchCatalogue } from "../../src/catalogue/catalogue-store.ts";
import { tool } from "./listings.ts";

const fixture = (name: string): FixtureTool => ({ definition: tool(name), call: () => ({ content: [] }) });

function setUp() {
  const toolbox = createFixtureToolbox([fixture("one")]);
  const provider = createInMemoryProvider("server", toolbox);
  const clock = createManualClock();
  const store = watchCatalogue([provider, createInMemoryProvider("other", [fixture("two")])], { clock });
  const versions: number[] = [];
  const unsubscribe = store.onChange(({ version }) => versions.push(version));
  return { toolbox, provider, clock, store, versions, unsubscribe };
}

describe("a catalogue store", () => {
  test("has a snapshot at once", () => {
    const { store } = setUp();
    expect(store.current.tools.map(({ path }) => path)).toEqual(["server.one", "other.two"]);
  });

  test("takes all changes of 100 ms into one new snapshot, from the first change on", () => {
    const { toolbox, clock, store, versions } = setUp();
    const before = store.current;
    toolbox.add(fixture("three"));
    clock.advance(60);
    toolbox.add(fixture("four"));
    clock.advance(39);
    expect(store.current).toBe(before);
    clock.advance(1);
    expect(versions).toEqual([2]);
    expect(store.current.servers[0]!.tools.map(({ name }) => name)).toEqual(["one", "three", "four"]);
    expect(store.current.servers[1]).toBe(before.servers[1]);
    expect(before.tools).toHaveLength(2);
  });

  test("a change of status is a new snapshot; a change of nothing is none", () => {
    const { provider, clock, store, versions } = setUp();
    provider.setStatus({ state: "failed", reason: "gone" });
    clock.advance(100);
    expect(store.current.servers[0]!.status).toEqual({ state: "failed", reason: "gone" });
    provider.setStatus({ state: "failed", reason: "gone" });
    clock.advance(100);
    expect(versions).toEqual([2]);
  });

  test("refresh does not wait, and what was waiting is done with", () => {
    const { toolbox, clock, store, versions } = setUp();
    toolbox.add(fixture("three"));
    expect(store.refresh().tools).toHaveLength(3);
    clock.advance(1_000);
    expect(versions).toEqual([2]);
  });

  test("tells nobody after unsubscribing, and changes nothing after dispose", () => {
    const { toolbox, clock, store, versions, unsubscribe } = setUp();
    unsubscribe();
    toolbox.add(fixture("three"));
    store.dispose();
    store.dispose();
    clock.advance(1_000);
    toolbox.add(fixture("four"));
    clock.advance(1_000);
    expect(store.refresh().tools).toHaveLength(2);
    expect(versions).toEqual([]);
  });
});
