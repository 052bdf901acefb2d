import { DEFAULT_RUN_LIMITS, type GuestOutcome, type SandboxBackend } from "@mcp-optimizer/contracts";
import { afterEach, expect, test } from "vitest";
import { createChannelBackend, type GuestAgent, type ReuseOptions } from "../src/index.ts";
import { InMemoryLauncher, type InMemoryGuest } from "./in-memory-launcher.ts";
import { manualClock } from "./manual-clock.ts";

const READY = '{"ready":1,"language":"javascript"}\n\n';
const DONE = 'D{"unhandled":[],"lost":0}\n[]\n7\n\n';
const FAILED = 'D{"failure":{"code":"program_failed","message":"no"},"unhandled":[],"lost":0}\n[]\n\n';
const AGENT: GuestAgent = { language: "javascript", command: ["node", "x"], files: {}, reusable: true };
const HOST = { call: async () => ({ ok: true }) as const };

const { clock, pass } = manualClock();
let backend: SandboxBackend;
let launcher: InMemoryLauncher;
afterEach(() => backend.dispose());

function make(reuse: ReuseOptions = {}): void {
  launcher = new InMemoryLauncher((guest) => guest.say(READY));
  const agents = Promise.resolve({ javascript: AGENT });
  backend = createChannelBackend({ name: "test", launcher, agents, reuse, pool: { size: 0 }, clock });
}

/** Runs a program that is named, and answers for its guest once it was given the name. */
async function run(name: string, answer: string, tenant = "one", limits = {}): Promise<GuestOutcome> {
  const lease = await backend.lease({ tenant, limits: { ...DEFAULT_RUN_LIMITS, ...limits } });
  const program = { language: "javascript", source: name, namespaces: [] } as const;
  const outcome = lease.session.run(program, HOST);
  await expect.poll(() => guestOf(name)).toBeDefined();
  guestOf(name)!.say(answer);
  const result = await outcome;
  await lease.dispose();
  return result;
}

const guestOf = (name: string): InMemoryGuest | undefined =>
  launcher.guests.find((guest) => guest.heard().includes(`"source":"${name}"`));

test("a guest serves its tenant again, also after a program that failed, and nobody else", async () => {
  make();
  expect((await run("a", DONE + READY)).value).toBe(7);
  expect((await run("b", FAILED + READY)).failure?.code).toBe("program_failed");
  await run("c", DONE + READY);
  expect(launcher.guests).toHaveLength(1);
  await run("d", DONE + READY, "two");
  expect(launcher.guests).toHaveLength(2);
  expect(launcher.guests[0]!.heard()).not.toContain('"source":"d"');
});

test("a run with other limits has another guest", async () => {
  make();
  await run("a", DONE + READY);
  await run("b", DONE + READY, "one", { memoryBytes: 2 ** 27 });
  expect(launcher.guests).toHaveLength(2);
});

test.each([
  ["that breaks the protocol", "nonsense\n\n"],
  ["whose agent says something else than that it is ready", `${DONE}W{"lost":0}\n[]\n\n`],
])("a guest %s serves no more", async (_, answer) => {
  make();
  await run("a", answer);
  await expect.poll(() => launcher.guests[0]!.killed()).toBe(true);
  await run("b", DONE + READY);
  expect(launcher.guests).toHaveLength(2);
});

test("a guest whose run is cancelled serves no more", async () => {
  make();
  const lease = await backend.lease({ tenant: "one", limits: DEFAULT_RUN_LIMITS });
  const stop = new AbortController();
  const program = { language: "javascript", source: "a", namespaces: [] } as const;
  const outcome = lease.session.run(program, HOST, stop.signal);
  await expect.poll(() => guestOf("a")).toBeDefined();
  stop.abort();
  expect((await outcome).failure?.code).toBe("cancelled");
  await lease.dispose();
  expect(launcher.guests[0]!.killed()).toBe(true);
});

test("a guest ends after its runs, after it waited too long, and when others wait in its place", async () => {
  make({ runs: 2, guests: 1, idleMs: 1_000 });
  await run("a", DONE + READY);
  await run("b", DONE);
  expect(launcher.guests[0]!.killed()).toBe(true);
  await run("c", DONE + READY);
  expect(launcher.guests[1]!.killed()).toBe(false);
  await run("d", DONE + READY, "two");
  await expect.poll(() => launcher.guests[1]!.killed()).toBe(true);
  expect(launcher.guests[2]!.killed()).toBe(false);
  pass(1_000);
  await expect.poll(() => launcher.guests[2]!.killed()).toBe(true);
});

test("a guest that says nothing after its run is ended, and one that dies while it waits is not used", async () => {
  make();
  const silent = run("a", DONE);
  await expect.poll(() => (pass(10_000), launcher.guests[0]?.killed())).toBe(true);
  expect((await silent).value).toBe(7);
  await run("b", DONE + READY);
  launcher.guests[1]!.end({ reason: "exited", detail: "" });
  await run("c", DONE + READY);
  expect(launcher.guests).toHaveLength(3);
});

test("disposing ends the guests that wait", async () => {
  make();
  await run("a", DONE + READY);
  await backend.dispose();
  expect(launcher.guests[0]!.killed()).toBe(true);
});
