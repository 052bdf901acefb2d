import type { ToolDefinition } from "@mcp-optimizer/contracts";
import type { ToolViewer } from "@mcp-optimizer/server";
import { describe, expect, it } from "vitest";
import { createToolList } from "../src/tool-list.ts";
import { createManualClock } from "./fixtures/manual-clock.ts";
import { createMemorySource, simpleTool, text, type MemoryTool } from "./fixtures/memory-source.ts";

const tool = (name: string, description = name): MemoryTool =>
  simpleTool(name, () => text(""), { description });

function watch(tools: MemoryTool[]) {
  const clock = createManualClock();
  const source = createMemorySource(tools);
  const list = createToolList(source, clock);
  let heard = 0;
  list.onChanged(() => (heard += 1));
  return { clock, source, list, heard: () => heard, names: () => list.current().map(({ name }) => name) };
}

describe("lists of callers", () => {
  const all = [tool("a"), tool("b")];
  const scoped = (tools: MemoryTool[]) => {
    const clock = createManualClock();
    const source = createMemorySource(tools);
    const few = new Map<unknown, ToolDefinition[]>();
    const toolsFor = ({ scopes }: ToolViewer): readonly ToolDefinition[] => {
      if (scopes.includes("all")) return source.tools;
      if (!few.has(source.tools)) few.set(source.tools, source.tools.slice(0, 1));
      return few.get(source.tools)!;
    };
    const list = createToolList(Object.assign(source, { toolsFor }), clock);
    let heard = 0;
    list.onChanged(() => (heard += 1));
    const names = (...scopes: string[]) => list.current({ tenant: "t", scopes }).map(({ name }) => name);
    const announced = (next: MemoryTool[]): number => {
      source.set(next);
      clock.advance(100);
      return heard;
    };
    return { list, names, announced };
  };

  it("have what each may see", () => {
    const { list, names } = scoped(all);
    expect([names(), names("x"), names("x", "all")]).toEqual([["a"], ["a"], ["a", "b"]]);
    expect(list.find("b", { tenant: "t", scopes: [] })).toBeUndefined();
    expect(list.find("b", { tenant: "t", scopes: ["all"] })?.name).toBe("b");
  });

  it("are announced when one that somebody saw is another", () => {
    const { names, announced } = scoped(all);
    expect(names()).toEqual(["a"]);
    expect(announced([tool("a"), tool("c")])).toBe(0);
    expect(names("all")).toEqual(["a", "c"]);
    expect(announced([tool("a"), tool("d")])).toBe(1);
    expect(announced([tool("b"), tool("d")])).toBe(2);
  });

  it("of more callers than are followed are announced all the same", () => {
    const { names, announced } = scoped(all);
    names("all");
    for (let at = 0; at < 300; at += 1) names(`scope-${at}`);
    expect(announced([tool("a"), tool("c")])).toBe(1);
  });
});

describe("the tool list", () => {
  it("announces a burst of changes once", () => {
    const { clock, source, heard } = watch([tool("a")]);
    source.set([tool("a"), tool("b")]);
    source.set([tool("a"), tool("b"), tool("c")]);
    expect([heard(), clock.pending]).toEqual([0, 1]);
    clock.advance(100);
    expect(heard()).toBe(1);
    clock.advance(10_000);
    expect(heard()).toBe(1);
    source.set([]);
    clock.advance(100);
    expect(heard()).toBe(2);
  });

  it("says nothing when the tools are equal, whatever their order, and keeps the order", () => {
    const { clock, source, heard, names } = watch([tool("a"), tool("b")]);
    source.set([tool("b"), tool("a")]);
    expect(names()).toEqual(["a", "b"]);
    clock.advance(100);
    expect(heard()).toBe(0);
  });

  it("notices a change deep in a tool", () => {
    const { clock, source, heard } = watch([tool("a")]);
    source.set([tool("a", "other")]);
    clock.advance(100);
    expect(heard()).toBe(1);
  });

  it("says nothing of a change that is gone again, unless a client saw it", () => {
    const { clock, source, heard, names } = watch([tool("a")]);
    source.set([tool("b")]);
    source.set([tool("a")]);
    clock.advance(100);
    expect(heard()).toBe(0);
    source.set([tool("b")]);
    expect(names()).toEqual(["b"]);
    source.set([tool("a")]);
    clock.advance(100);
    expect(heard()).toBe(1);
    expect(names()).toEqual(["a"]);
  });

  it("finds a tool of the newest list", () => {
    const { source, list } = watch([tool("a")]);
    source.set([tool("b")]);
    expect([list.find("a"), list.find("b")?.name]).toEqual([undefined, "b"]);
  });

  it("lets go of its source", () => {
    const { clock, source, list, heard } = watch([tool("a")]);
    source.set([tool("b")]);
    list.dispose();
    list.dispose();
    expect([source.listeners, clock.pending]).toEqual([0, 0]);
    clock.advance(1_000);
    expect(heard()).toBe(0);
  });
});
