import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSqliteContextStore, createSqliteSessionStore } from "@mcp-optimizer/context-sqlite";
import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import {
  createMemoryBulletin,
  createMemoryContextStore,
  createMemoryExecutionLog,
  createMemorySessionStore,
  type Optimizer,
} from "@mcp-optimizer/core";
import { createManualClock } from "@mcp-optimizer/testkit";
import { expect, onTestFinished, test } from "vitest";
import { call, openEngine } from "./open-engine.ts";

const NOTES = {
  notes: [
    { name: "list", answer: () => ["a"] },
    { name: "add", answer: () => ({ id: 7 }) },
  ],
};
const ASKED = { effects: { "notes.add": "write" }, rules: [{ tool: "add", decide: "ask" }] } as const;
type Options = NonNullable<Parameters<Optimizer["callTool"]>[2]>;

const answerOf = (text: string): JsonObject => JSON.parse(text) as JsonObject;
const run = async (optimizer: Optimizer, code: string, more: JsonObject = {}, options: Options = {}) => {
  const asked = await call(optimizer, "run_code", { code, ...more }, options);
  return { ...asked, answer: asked.text.startsWith("{") ? answerOf(asked.text) : {} };
};
const valueOf = async (...args: Parameters<typeof run>): Promise<JsonValue | undefined> => {
  const { answer, text } = await run(...args);
  expect(answer, text).toHaveProperty("value");
  return answer["value"];
};
const sessionIn = ({ session }: JsonObject): string => /"(s_[\w-]{22})"/.exec(session as string)![1]!;

test("a program keeps variables for a later one that names the session", async () => {
  const { optimizer } = await openEngine({ servers: NOTES });
  const first = await run(optimizer, "await session.set('n', { seen: [1, null] }); return 1");
  const session = sessionIn(first.answer);
  const next = await run(optimizer, "return [await session.get('n'), await session.keys()]", { session });
  expect(next.answer).toEqual({ value: [{ seen: [1, null] }, ["n"]] });
  expect(await valueOf(optimizer, "return await session.delete('n')", { session })).toBe(true);
  expect(
    await valueOf(
      optimizer,
      "return [await session.delete('n'), await session.get('n') ?? null, await session.get('n', 5)]",
      {
        session,
      },
    ),
  ).toEqual([false, null, 5]);
});

test("the programs of docs/how-to/keep-variables.md do what it says", async () => {
  const page = await readFile(new URL("../../../docs/how-to/keep-variables.md", import.meta.url), "utf8");
  const snippets = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);
  const orders = Array.from({ length: 500 }, (_, id) => ({ id, state: id % 5 === 0 ? "open" : "paid" }));
  const { optimizer } = await openEngine({ servers: { shop: [{ name: "orders", answer: () => orders }] } });
  const first = await run(optimizer, snippets[0]!);
  const session = sessionIn(first.answer);
  const shown = JSON.parse(/```json\n(.*?)```/s.exec(page)![1]!) as JsonObject;
  expect(first.answer).toMatchObject({
    ...shown,
    session: (shown["session"] as string).replace("s_…", session),
  });
  expect(await valueOf(optimizer, snippets[1]!, { session })).toEqual(["looked"]);
  expect(await valueOf(optimizer, "return await session.get('looked')", { session })).toEqual({ at: 100 });
});

test("who only looks gets no session, and no words about one", async () => {
  const { optimizer } = await openEngine({ servers: NOTES });
  const looked = await run(
    optimizer,
    "return [await session.get('n') ?? null, await session.keys(), await session.delete('n')]",
  );
  expect(looked.answer).toEqual({ value: [null, [], false] });
  expect(await optimizer.sessions.list()).toEqual({ sessions: [] });
});

test("variables follow the connection of a client that has one, and no name that a client chose", async () => {
  const { optimizer } = await openEngine({ servers: NOTES });
  const connected = { connection: "1f0c", session: "1f0c" };
  const set = await run(optimizer, "await session.set('n', 1); return 1", {}, connected);
  expect(set.answer).toEqual({ value: 1 });
  expect(await valueOf(optimizer, "return await session.get('n')", {}, connected)).toBe(1);
  for (const other of [
    { session: "1f0c" },
    { connection: "2", session: "1f0c" },
    { ...connected, principal: "p" },
  ]) {
    const { answer } = await run(optimizer, "return await session.get('n') ?? null", {}, other);
    expect([null, undefined]).toContain(answer["value"]);
  }
  const { sessions } = await optimizer.sessions.list();
  expect(sessions.map(({ id }) => id)).toEqual([expect.not.stringContaining("1f0c")]);
});

test("a session is nobody's but of who made it, and nobody learns that there is one", async () => {
  const { optimizer } = await openEngine({ servers: NOTES });
  const made = await run(optimizer, "await session.set('n', 1); return 1", {}, { principal: "ada" });
  const session = sessionIn(made.answer);
  const none = await run(optimizer, "return 1", { session: "s_none" });
  expect(none.text).toMatch(/^not_found: .*there is no session "s_none"/);
  const others: Options[] = [{}, { principal: "eve" }, { tenant: "t" }, { tenant: "t", principal: "ada" }];
  for (const other of others) {
    const { text, isError } = await run(optimizer, "return await notes.list({})", { session }, other);
    expect([isError, text.replace(session, "s_none")]).toEqual([true, none.text]);
  }
  expect(await valueOf(optimizer, "return await session.get('n')", { session }, { principal: "ada" })).toBe(
    1,
  );
});

test("two processes on one store see one session, and its end cancels runs on both", async () => {
  const clock = createManualClock();
  const shared = {
    clock,
    sessionStore: createMemorySessionStore({ clock }),
    contextStore: createMemoryContextStore({ clock }),
    executionLog: createMemoryExecutionLog({ clock }),
    bulletin: createMemoryBulletin(),
  };
  const begun = Promise.withResolvers<void>();
  const never = new Promise<JsonValue>(() => {});
  const stuck = {
    name: "wait",
    answer: () => {
      begun.resolve();
      return never;
    },
  };
  const { optimizer: one } = await openEngine({ servers: { notes: [stuck] }, ...shared });
  const { optimizer: other } = await openEngine({ servers: NOTES, ...shared });
  const session = sessionIn((await run(other, "await session.set('n', 1); return 1")).answer);
  expect(await valueOf(one, "return await session.get('n')", { session })).toBe(1);
  const waiting = run(one, "return await notes.wait({})", { session });
  await begun.promise;
  expect(await other.sessions.delete({}, session)).toBe(true);
  expect((await waiting).answer).toMatchObject({ error: { code: "cancelled" } });
  expect((await run(one, "return 1", { session })).text).toContain("not_found");
  expect(await shared.contextStore.size("local", session)).toBe(0);
});

test("where the store is away, a program is told so and goes on; its session is there when the store is back", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const clock = createManualClock();
  const file = join(folder, "state.db");
  const stores = async () => ({
    contextStore: await createSqliteContextStore({ file, clock }),
    sessionStore: await createSqliteSessionStore({ file, clock, name: "sessions" }),
  });
  const before = await stores();
  const { optimizer } = await openEngine({ servers: NOTES, clock, ...before });
  const session = sessionIn((await run(optimizer, "await session.set('n', 1); return 1")).answer);
  const close = async ({ contextStore, sessionStore }: typeof before): Promise<void> => {
    await contextStore.dispose();
    await sessionStore.dispose();
  };
  await close(before);
  const code = "try { await session.set('n', 2) } catch (error) { return error.code }";
  expect(await valueOf(optimizer, code)).toBe("store_unavailable");
  expect((await run(optimizer, "return 1", { session })).text).toMatch(/^store_unavailable: /);
  const after = await stores();
  const { optimizer: next } = await openEngine({ servers: NOTES, clock, ...after });
  expect(await valueOf(next, "return await session.get('n')", { session })).toBe(1);
  await close(after);
});

test("a value is gone after its time, and all of them with the session", async () => {
  const { optimizer, clock } = await openEngine({
    servers: NOTES,
    context: { ttlSeconds: 60 },
    sessions: { ttlSeconds: 600 },
  });
  const made = await run(
    optimizer,
    "await session.set('short', 1, { ttl: 5 }); await session.set('usual', 1); await session.set('long', 1, { ttl: 5000 }); return 1",
  );
  const session = sessionIn(made.answer);
  const keys = (): Promise<JsonValue | undefined> =>
    valueOf(optimizer, "return await session.keys()", { session });
  clock.advance(6_000);
  expect(await keys()).toEqual(["long", "usual"]);
  clock.advance(60_000);
  expect(await keys()).toEqual(["long"]);
  clock.advance(601_000);
  expect((await run(optimizer, "return 1", { session })).text).toContain("not_found");
});

test("what does not fit is refused, what had to make room is named", async () => {
  const { optimizer } = await openEngine({ servers: NOTES, flags: { contextSizeLimitKb: 1 } });
  const made = await run(
    optimizer,
    "await session.set('a', 'x'.repeat(600)); await session.set('b', 'y'.repeat(600)); return 1",
  );
  expect(made.answer["warnings"]).toEqual(['the session was full; gone from it: "a"']);
  const session = sessionIn(made.answer);
  const { answer } = await run(
    optimizer,
    `const codes = [];
     for (const args of [['c', 'z'.repeat(2000)], ['', 1], ['a\\n', 1], ['k'.repeat(600), 1], ['d'], ['e', 1, { ttl: -1 }],
       ['g', () => 1], ['h', 1, { ttl: '5' }], ['i', 1, { tll: 1 }], [7, 1]])
       try { await session.set(...args); codes.push('kept ' + args[0]) } catch (error) { codes.push(error.code) }
     return [codes, await session.keys()]`,
    { session },
  );
  expect(answer["value"]).toEqual([["context_limit", ...Array<string>(9).fill("invalid_params")], ["b"]]);
});

test("a run that goes on is given what it was given, and sets nothing twice", async () => {
  let fails = true;
  const { optimizer } = await openEngine({
    servers: {
      notes: [
        {
          name: "add",
          answer: () => {
            if (fails) throw new Error("away");
            return { id: 7 };
          },
        },
      ],
    },
    policy: { effects: { "notes.add": "read" } },
  });
  const code = `const n = (await session.get('n') ?? 0) + 1; await session.set('n', n);
    await notes.add({}); await session.set('done', n); return n`;
  const failed = await run(optimizer, code);
  expect(failed.isError).toBe(true);
  const session = sessionIn(failed.answer);
  fails = false;
  const again = await run(optimizer, code, {}, {});
  expect(sessionIn(again.answer)).not.toBe(session);
  const went = await optimizer.runs.replay(failed.answer["run"] as string);
  expect(went).toMatchObject({ report: { value: 1, session } });
  expect(
    await valueOf(optimizer, "return [await session.get('n'), await session.get('done')]", { session }),
  ).toEqual([1, 1]);
});

test("a run that waits for approval has kept nothing, sees what it would keep, and keeps it then", async () => {
  const { optimizer } = await openEngine({ servers: NOTES, policy: ASKED });
  const made = await run(optimizer, "await session.set('before', 1); return 1");
  const session = sessionIn(made.answer);
  const code = `await notes.add({}); await session.set('after', 2); await session.delete('before');
    const seen = [await session.get('after'), await session.get('before') ?? null, await session.keys()];
    if (seen[0] === 2 && seen[1] === null && seen[2].length === 1) await notes.add({ second: true });
    return seen`;
  const asked = await run(optimizer, code, { session });
  expect(asked.pending!.request.calls).toHaveLength(2);
  expect(await valueOf(optimizer, "return await session.keys()", { session })).toEqual(["before"]);
  const approval = { state: asked.pending!.state, approved: true };
  expect(await valueOf(optimizer, code, { session }, { approval })).toEqual([2, null, ["after"]]);
  expect(await valueOf(optimizer, "return await session.keys()", { session })).toEqual(["after"]);
});

test("what a value was made of is known in the next run", async () => {
  const { optimizer } = await openEngine({
    servers: { ...NOTES, mail: [{ name: "send", answer: () => "sent" }] },
    policy: { flows: [{ from: "notes", to: "mail", decide: "deny" }] } as never,
  });
  const made = await run(optimizer, "await session.set('a', await notes.list({})); return 1");
  const session = sessionIn(made.answer);
  const sent = await run(optimizer, "await session.get('a'); return await mail.send({})", { session });
  expect(sent.answer).toMatchObject({ error: { code: "policy_denied" } });
  expect(await valueOf(optimizer, "return await mail.send({})", { session })).toBe("sent");
});

test("an intent keeps its variables where the run that calls it does, and elsewhere says that it cannot", async () => {
  const { optimizer } = await openEngine({ servers: NOTES });
  const code = "const n = (await session.get('n') ?? 0) + 1; await session.set('n', n); return n";
  const { runId } = await optimizer.run({ code });
  await optimizer.programs.save({ runId, name: "count", description: "Counts" });
  const two = await run(optimizer, "await intents.count({}); return await intents.count({})");
  expect(two.answer["value"]).toBe(2);
  const session = sessionIn(two.answer);
  expect(await valueOf(optimizer, "return await intents.count({})", { session })).toBe(3);
  await expect(optimizer.router.route("count", {})).rejects.toMatchObject({ code: "not_found" });
  expect(await optimizer.router.route("count", {}, { sessionId: session })).toMatchObject({ value: 4 });
});

test("an envelope names the session that its program made", async () => {
  const { optimizer } = await openEngine({ servers: NOTES });
  const made = await optimizer.code.executeCode("await session.set('n', 1); return 1");
  const { sessions } = await optimizer.sessions.list();
  expect(made).toMatchObject({ result: { metadata: { session_id: sessions[0]!.id } } });
  const next = await optimizer.code.executeCode("return await session.get('n')", {
    sessionId: sessions[0]!.id,
  });
  expect(next).toMatchObject({ result: { data: 1 } });
  expect(next).not.toHaveProperty("result.metadata.session_id");
});

test("a session that ended is written down with its runs, the one that made it among them", async () => {
  const archive = await mkdtemp(join(tmpdir(), "mcp-optimizer-"));
  onTestFinished(() => rm(archive, { recursive: true }));
  const { optimizer, clock } = await openEngine({ servers: NOTES, sessions: { ttlSeconds: 60, archive } });
  const made = await run(optimizer, "await session.set('n', await notes.list({})); return 1");
  const session = sessionIn(made.answer);
  await run(optimizer, "return await notes.add({})", { session });
  await run(optimizer, "return await notes.add({ other: true })");
  clock.advance(61_000);
  expect(await optimizer.sessions.cleanupExpired()).toBeLessThanOrEqual(1);
  await expect
    .poll(async () => (await readdir(archive)).filter((name) => name.endsWith(".jsonl")))
    .toHaveLength(1);
  const [file] = await readdir(archive);
  const lines = (await readFile(join(archive, file!), "utf8")).trimEnd().split("\n");
  const [head, ...runs] = lines.map((line) => JSON.parse(line) as JsonObject);
  expect(head).toMatchObject({ ended: "expired", session: { id: session, principal: "local" } });
  expect(
    runs.map((line) =>
      (line["run"] as unknown as { calls: { tool: string }[] }).calls.map(({ tool }) => tool),
    ),
  ).toEqual([["notes.add"], ["notes.list", "session.create", "session.set"]]);
});
