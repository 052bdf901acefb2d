import type { ResponseEnvelope } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { defineIntent, type Intent } from "../../src/intents/intent.ts";
import type { EngineOptions } from "../intents/engine.ts";
import { cachedWorld, type CachedWorld } from "./cached-world.ts";

const none = z.object({});
const coded = (name: string, code: string): Intent =>
  defineIntent({ name, description: name, input: none, code });

const VERSION = defineIntent({
  name: "version",
  description: "The version of the notes",
  input: z.object({ of: z.string().default("all") }),
  code: "const { version } = await notes.list({ of: params.of }); await notes.count({}); return version",
});
const ADD = coded("add_note", "return await notes.add({})");

const worldOf = (intents: readonly Intent[], options: Partial<EngineOptions> = {}): Promise<CachedWorld> =>
  cachedWorld({ intents, mode: "code_execution", ...options });
const isHit = (envelope: ResponseEnvelope): boolean | undefined =>
  "result" in envelope ? envelope.result.metadata.cache_hit : undefined;
const CALL = "return await intents.version({})";

describe("an intent that only reads", () => {
  test("gives what it gave before, without a call", async () => {
    const { code, calls, metrics } = await worldOf([VERSION]);
    const first = await code.executeIntent("version", {});
    const again = await code.executeIntent("version", { of: "all" });
    expect([isHit(first), isHit(again)]).toEqual([false, true]);
    expect(again).toMatchObject({ result: { data: 1, metadata: { route: "code" } } });
    expect(calls).toEqual(['list {"of":"all"}', "count {}"]);
    expect(metrics.value("response_cache_hits_total", { server: "intents" })).toBe(1);
  });

  test.each<[string, (world: CachedWorld) => Promise<unknown>]>([
    ["a write to a server that it read from", ({ tell }) => tell("await notes.add({})", "b")],
    ["a write by an intent", ({ tell }) => tell("await intents.add_note({})")],
    ["other tools of such a server", async ({ notes }) => notes.setStatus({ state: "ready" })],
    ["its time", async ({ clock }) => clock.advance(300_000)],
  ])("does it again after %s", async (_name, happens) => {
    const world = await worldOf([VERSION, ADD]);
    await world.tell(CALL);
    await happens(world);
    await world.settle();
    expect(isHit(await world.code.executeIntent("version", {}, { tenant: "a" }))).toBe(false);
  });

  test("does it again with other parameters, and for another tenant", async () => {
    const { code, tell } = await worldOf([VERSION]);
    await tell(CALL, "a");
    expect(isHit(await code.executeIntent("version", {}, { tenant: "a" }))).toBe(true);
    expect(isHit(await code.executeIntent("version", {}, { tenant: "b" }))).toBe(false);
    // `count` is known by now, `list` is not.
    expect(isHit(await code.executeIntent("version", { of: "x" }, { tenant: "a" }))).toBe(false);
  });

  test("is a hit, too, when all that its program reads was known", async () => {
    const { code, tell } = await worldOf([VERSION]);
    await tell('await notes.list({ of: "all" }); await notes.count({})', "local");
    expect(isHit(await code.executeIntent("version", {}))).toBe(true);
  });

  test("is not older than the oldest of what it stands on", async () => {
    const { code, tell, clock } = await worldOf([VERSION]);
    await tell("await notes.count({})", "local");
    clock.advance(299_000);
    await code.executeIntent("version", {});
    clock.advance(999);
    expect(isHit(await code.executeIntent("version", {}))).toBe(true);
    clock.advance(1);
    expect(isHit(await code.executeIntent("version", {}))).toBe(false);
  });

  test.each<[string, string, Partial<EngineOptions>]>([
    ["is never kept itself", "return await notes.list({})", { cache: { never: ["intents.it"] } }],
    ["reads what is never kept", "return await notes.list({})", { cache: { never: ["notes.list"] } }],
    ["caught a failure", "await notes.broken({}).catch(() => {}); return await notes.list({})", {}],
    ["has bytes", "await notes.picture({}); return await notes.list({})", {}],
    ["calls nothing", "return 1", {}],
    ["searched", 'await tools.search("notes"); return await notes.list({})', {}],
  ])("is done again when it %s", async (_name, code, options) => {
    const broken = { effects: { "notes.broken": "read", "notes.picture": "read" } } as const;
    const { metrics, code: executor } = await worldOf([coded("it", code)], { policy: broken, ...options });
    for (const _again of [1, 2]) {
      expect(await executor.executeIntent("it", {})).toHaveProperty("result");
    }
    expect(metrics.value("response_cache_hits_total", { server: "intents" })).toBe(0);
  });

  test.each([["ask"], ["deny"]] as const)(
    "is done again where the policy would %s inside",
    async (decide) => {
      const policy = { rules: [{ decide, session: "other", tool: "count" }] };
      const { code } = await worldOf([VERSION], { policy });
      await code.executeIntent("version", {});
      expect(isHit(await code.executeIntent("version", {}))).toBe(true);
      expect(await code.executeIntent("version", {}, { session: "other" })).toHaveProperty("error");
    },
  );

  test("is no read when the policy says so", async () => {
    const effects = { "intents.*": "write" } as const;
    const { code, metrics } = await worldOf([VERSION], { policy: { effects } });
    for (const _again of [1, 2]) await code.executeIntent("version", {});
    expect(metrics.value("intent_routes_total", { route: "code", intent: "version" })).toBe(2);
  });

  test("is a call of its program, marked, with the sources that it comes from", async () => {
    const flows = [{ from: "notes", to: "mail", decide: "deny" }] as const;
    const { tell } = await worldOf([VERSION], { policy: { flows } });
    const first = ["notes.list", false, "notes.count", false, "intents.version", false];
    expect(await tell(CALL)).toEqual([1, ...first]);
    expect(await tell(CALL)).toEqual([1, "intents.version", true]);
    const sending = `${CALL.replace("return ", "")}; await mail.send({})`;
    expect(await tell(sending)).toEqual(["policy_denied", "intents.version", true, "mail.send", false]);
  });

  test("in a run that goes on gives what it gave there, with its sources", async () => {
    const flows = [{ from: "notes", to: "mail", decide: "deny" }] as const;
    const { tell, executor } = await worldOf([VERSION], { policy: { flows } });
    await tell(CALL);
    const code = `const version = await intents.version({}); const sent = await mail.send({}).catch(({ code }) => code); return [version, sent]`;
    const request = { code, tenant: "a", runId: "r" };
    expect((await executor.run(request)).report.value).toEqual([1, "policy_denied"]);
    await tell("await notes.add({})");
    await tell(CALL);
    const { value, calls } = (await executor.run(request)).report;
    expect(value).toEqual([1, "policy_denied"]);
    expect(calls[0]).toMatchObject({ tool: "intents.version", replayed: true });
  });

  test("a function that is one call of the log gives what it gave in a run that goes on, with its sources", async () => {
    const flows = [{ from: "notes", to: "mail", decide: "deny" }] as const;
    const own = defineIntent({
      name: "own",
      description: "own",
      input: none,
      effect: "read",
      run: async (_params, { callTool }) => await callTool("notes.list", {}),
    });
    const { executor } = await worldOf([own], { policy: { flows } });
    const code = `await intents.own({}); return await mail.send({}).catch(({ code }) => code)`;
    const request = { code, tenant: "a", runId: "r" };
    expect((await executor.run(request)).report.value).toBe("policy_denied");
    const { value, calls } = (await executor.run(request)).report;
    expect(calls[0]).toMatchObject({ tool: "intents.own", replayed: true });
    expect(value).toBe("policy_denied");
  });

  test("in a run that goes on makes the calls that it made there", async () => {
    const { tell, executor } = await worldOf([VERSION]);
    const request = { code: CALL, tenant: "a", runId: "r" };
    await executor.run(request);
    await tell("await notes.add({})");
    await tell(CALL);
    const { value, calls } = (await executor.run(request)).report;
    expect(value).toBe(1);
    expect(calls.map(({ tool, replayed = false }) => [tool, replayed])).toEqual([
      ["notes.list", true],
      ["notes.count", true],
      ["intents.version", false],
    ]);
  });

  test("stands on what the intents inside of it stand on", async () => {
    const outer = coded("outer", "return await intents.version({})");
    const { tell, code } = await worldOf([VERSION, outer]);
    await tell(CALL, "local");
    expect(isHit(await code.executeIntent("outer", {}))).toBe(true);
    expect(isHit(await code.executeIntent("outer", {}))).toBe(true);
    await tell("await notes.add({})");
    expect(await code.executeIntent("outer", {})).toMatchObject({
      result: { data: 2, metadata: { cache_hit: false } },
    });
  });

  test("reads anew, with all that it calls, with { fresh: true }", async () => {
    const { tell, calls } = await worldOf([VERSION]);
    await tell(CALL);
    calls.length = 0;
    await tell('return await tools.call("intents.version", {}, { fresh: true })');
    expect(calls).toEqual(['list {"of":"all"}', "count {}"]);
  });

  test("without a program is marked", async () => {
    const { callDirect } = await worldOf([VERSION]);
    const call = { name: "intents.version", args: {} };
    const mark = { "mcp-optimizer/cached": true };
    expect((await callDirect(call)).result._meta).not.toMatchObject(mark);
    expect((await callDirect(call)).result._meta).toMatchObject(mark);
  });
});

describe("a function with an effect of its own", () => {
  const functionOf = (name: string, effect: "read" | "write", made: string[]): Intent =>
    defineIntent({
      name,
      description: name,
      input: none,
      effect,
      run: async (_params, { callTool }) => {
        made.push(name);
        return { made: made.length, notes: effect === "read" ? await callTool("notes.count") : null };
      },
    });

  test("that reads is kept until it, or a server that it called, is written to", async () => {
    const made: string[] = [];
    const { tell } = await worldOf([functionOf("look", "read", made), functionOf("change", "write", made)]);
    const look = "return (await intents.look({})).made";
    expect(await tell(look)).toEqual([1, "intents.look", false]);
    expect(await tell(look)).toEqual([1, "intents.look", true]);
    await tell("await notes.add({})");
    expect(await tell(look)).toEqual([2, "intents.look", false]);
    expect(await tell(look)).toEqual([2, "intents.look", true]);
    await tell("await intents.change({})");
    expect((await tell(look))[0]).toBe(4);
    expect(made).toEqual(["look", "look", "change", "look"]);
  });
});
