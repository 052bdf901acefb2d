import { ResponseEnvelopeSchema } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";
import type { CacheSettings } from "../../src/cache/cache-settings.ts";
import { cachedWorld } from "./cached-world.ts";

const LIST = "return (await notes.list({})).version";

describe("a program", () => {
  test("has the answers of earlier reads, and says so", async () => {
    const { executor, calls } = await cachedWorld();
    const code = "return [await notes.list({}), await notes.list({}), await notes.count({})]";
    const first = await executor.run({ code });
    expect(first.report.calls.map(({ cached }) => cached)).toEqual([undefined, true, undefined]);
    expect(first.answer).toContain('"calls":["notes.list ×2 0 ms (1 cached)","notes.count 0 ms"]');
    const second = await executor.run({ code });
    expect(second.answer).toContain('"calls":["notes.list ×2 0 ms (cached)","notes.count 0 ms (cached)"]');
    expect(second.report.value).toEqual(first.report.value);
    expect(calls).toEqual(["list {}", "count {}"]);
  });

  test("never has them of another tenant", async () => {
    const { tell, calls } = await cachedWorld();
    expect(await tell(LIST, "a")).toEqual([1, "notes.list", false]);
    expect(await tell(LIST, "b")).toEqual([1, "notes.list", false]);
    expect(calls).toHaveLength(2);
  });

  test.each([["a"], ["b"]])("never has them from before a write of the tenant %s", async (tenant) => {
    const { tell } = await cachedWorld();
    await tell(LIST);
    await tell("await mail.send({})", tenant);
    expect(await tell(LIST)).toEqual([1, "notes.list", true]);
    await tell("await notes.add({})", tenant);
    expect(await tell(LIST)).toEqual([2, "notes.list", false]);
  });

  test("asks anew with tools.call(…, { fresh: true })", async () => {
    const { tell } = await cachedWorld();
    await tell(LIST);
    const fresh = (options: string): string => `return await tools.call("notes.list", {}, ${options})`;
    expect(await tell(fresh("{ fresh: true }"))).toEqual([{ version: 1 }, "notes.list", false]);
    expect(await tell(fresh("{ fresh: false }"))).toEqual([{ version: 1 }, "notes.list", true]);
    expect(await tell(fresh("{}"))).toEqual([{ version: 1 }, "notes.list", true]);
    expect(await tell(fresh("{ fresh: 1 }"))).toEqual(["invalid_params"]);
    expect(await tell(fresh("{ frsh: true }"))).toEqual(["invalid_params"]);
    expect(await tell(fresh('"fresh"'))).toEqual(["invalid_params", "notes.list", false]);
    expect(await tell(fresh("{ fresh: true }, 1"))).toEqual(["program_invalid"]);
  });

  test.each<[string, CacheSettings, (string | boolean)[]]>([
    ["never", { never: ["notes.l*"] }, ["notes.list", false, "notes.count", true]],
    ["no time", { ttlSeconds: { "notes.count": 0 } }, ["notes.list", true, "notes.count", false]],
  ])("asks tools of %s", async (_name, cache, how) => {
    const { tell } = await cachedWorld({ cache });
    const both = "await notes.list({}); await notes.count({}); return 1";
    await tell(both);
    expect(await tell(both)).toEqual([1, ...how]);
  });

  test("asks a server that was away, or has other tools", async () => {
    const { tell, notes } = await cachedWorld();
    await tell(LIST);
    notes.setStatus({ state: "failed", reason: "gone" });
    notes.setStatus({ state: "ready" });
    expect(await tell(LIST)).toEqual([1, "notes.list", false]);
    expect(await tell(LIST)).toEqual([1, "notes.list", true]);
  });

  test("that goes on has what it had, not what others read since", async () => {
    const { executor, tell } = await cachedWorld();
    await tell(LIST);
    const request = { code: LIST, tenant: "a", runId: "r" };
    expect((await executor.run(request)).report).toMatchObject({ value: 1, calls: [{ cached: true }] });
    await tell("await notes.add({})");
    await tell(LIST);
    expect((await executor.run(request)).report).toMatchObject({ value: 1, calls: [{ replayed: true }] });
  });

  test("that is only planned may read from earlier calls", async () => {
    const rules = [{ decide: "ask", tool: "send" }] as const;
    const { tell, calls } = await cachedWorld({ policy: { rules } });
    await tell(LIST);
    const result = await tell("await mail.send({}); await notes.list({})");
    expect(result).toEqual(["approval_required", "mail.send", false, "notes.list", true]);
    expect(calls).toEqual(["list {}"]);
  });

  test("has the sources of what it did not ask for itself", async () => {
    const flows = [{ from: "notes", to: "mail", decide: "deny" }] as const;
    const { tell } = await cachedWorld({ policy: { flows } });
    await tell(LIST);
    const result = await tell("await notes.list({}); await mail.send({})");
    expect(result).toEqual(["policy_denied", "notes.list", true, "mail.send", false]);
  });

  test("is told in its envelope whether all of it came from earlier calls", async () => {
    const { code } = await cachedWorld();
    const hits: boolean[] = [];
    for (const text of [LIST, LIST, `await notes.count({}); ${LIST}`, "return 1"]) {
      const envelope = await code.executeCode(text);
      expect(ResponseEnvelopeSchema.safeParse(envelope).success).toBe(true);
      hits.push("result" in envelope && envelope.result.metadata.cache_hit);
    }
    expect(hits).toEqual([false, true, false, false]);
  });
});

describe("a call without a program", () => {
  test("is marked when an earlier one answers it, and otherwise as the server sent it", async () => {
    const { callDirect } = await cachedWorld();
    const call = { name: "notes.list", args: {} };
    const first = await callDirect(call);
    expect(first.result).not.toHaveProperty("_meta");
    for (const _again of [1, 2]) {
      const { result, calls } = await callDirect(call);
      expect(result).toEqual({ ...first.result, _meta: { "mcp-optimizer/cached": true } });
      expect(calls).toMatchObject([{ cached: true }]);
    }
  });

  test("is made again after it failed", async () => {
    const { callDirect, calls } = await cachedWorld();
    for (const _again of [1, 2]) {
      const { result } = await callDirect({ name: "notes.broken", args: {} });
      expect(result).toEqual({ content: [{ type: "text", text: "no" }], isError: true });
    }
    expect(calls).toEqual(["broken {}", "broken {}"]);
  });
});
