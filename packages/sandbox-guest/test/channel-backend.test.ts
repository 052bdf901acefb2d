import { DEFAULT_RUN_LIMITS, type GuestOutcome, type SandboxBackend } from "@mcp-optimizer/contracts";
import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { createChannelBackend, type ChannelPoolOptions, type GuestEnd } from "../src/index.ts";
import { InMemoryLauncher, type InMemoryGuest } from "./in-memory-launcher.ts";
import { manualClock } from "./manual-clock.ts";

const READY = '{"ready":1,"language":"javascript"}\n\n';
const DONE = 'D{"unhandled":[],"lost":0}\n[]\n7\n\n';
const PROGRAM = { language: "javascript", source: "async () => 7", namespaces: [] } as const;
const HOST = { call: async () => ({ ok: true }) as const };
const REQUEST = { tenant: "t", limits: DEFAULT_RUN_LIMITS };
const ready = (guest: InMemoryGuest): void => guest.say(READY);

const { clock, pass } = manualClock();
let backend: SandboxBackend;
afterEach(() => backend.dispose());

function make(
  behave: (guest: InMemoryGuest) => void,
  pool: ChannelPoolOptions = { size: 0 },
): InMemoryLauncher {
  const launcher = new InMemoryLauncher(behave);
  backend = createChannelBackend({ name: "test", launcher, pool, clock });
  return launcher;
}

async function begin(
  launcher: InMemoryLauncher,
): Promise<{ outcome: Promise<GuestOutcome>; guest: InMemoryGuest }> {
  const lease = await backend.lease(REQUEST);
  const run = async (): Promise<GuestOutcome> => {
    try {
      return await lease.session.run(PROGRAM, HOST);
    } finally {
      await lease.dispose();
    }
  };
  const outcome = run();
  outcome.catch(() => undefined);
  await expect
    .poll(() => launcher.guests.find((guest) => guest.heard().includes("async () => 7")))
    .toBeDefined();
  return { outcome, guest: launcher.guests.find((guest) => guest.heard() !== "")! };
}

test("a program runs, and its guest ends", async () => {
  const launcher = make(ready);
  const { outcome, guest } = await begin(launcher);
  guest.say(DONE);
  expect(await outcome).toMatchObject({ value: 7, usage: { cpuMs: 0 } });
  await expect.poll(() => guest.killed()).toBe(true);
  expect(launcher.sweeps).toBe(1);
});

test.each<[end: GuestEnd, code: string]>([
  [{ reason: "memory", detail: "" }, "memory_limit"],
  [{ reason: "exited", detail: "FATAL ERROR: JavaScript heap out of memory" }, "memory_limit"],
  [{ reason: "cpu", detail: "" }, "cpu_limit"],
  [{ reason: "exited", detail: "exit code 0" }, "sandbox_violation"],
])("a guest that ends with %j fails its program", async (end, code) => {
  const { outcome, guest } = await begin(make(ready));
  guest.end(end);
  expect((await outcome).failure?.code).toBe(code);
});

test("a lost guest is no fault of its program", async () => {
  const { outcome, guest } = await begin(make(ready));
  guest.end({ reason: "lost", detail: "the daemon is gone" });
  await expect(outcome).rejects.toMatchObject({ code: "sandbox_unavailable" });
});

test("what a guest wrote before its end counts", async () => {
  const { outcome, guest } = await begin(make(ready));
  guest.say(DONE);
  guest.end({ reason: "exited", detail: "" });
  expect((await outcome).value).toBe(7);
});

test.each(["nonsense\n\n", 'C{"ids":[2],"names":["a.b"],"lost":0}\n[]\n[]\n\n', "D\n\n", "W{}\n[]\n\n"])(
  "a guest that says %j breaks the rules",
  async (text) => {
    const { outcome, guest } = await begin(make(ready));
    guest.say(text);
    expect((await outcome).failure?.code).toBe("sandbox_violation");
    await expect.poll(() => guest.killed()).toBe(true);
  },
);

test("the deadline ends a guest that says nothing", async () => {
  const { outcome, guest } = await begin(make(ready));
  pass(DEFAULT_RUN_LIMITS.wallMs);
  expect((await outcome).failure?.code).toBe("timeout");
  await expect.poll(() => guest.killed()).toBe(true);
});

test("an agent that does not start is an unavailable sandbox, and is ended", async () => {
  const launcher = make((guest) => guest.say('{"ready":2}\n\n'));
  const lease = await backend.lease(REQUEST);
  await expect(lease.session.run(PROGRAM, HOST)).rejects.toMatchObject({ code: "sandbox_unavailable" });
  expect(launcher.guests[0]!.killed()).toBe(true);
});

test("a pool keeps guests ready, replaces them, and gives each once", async () => {
  const launcher = make(ready, { size: 2, maxAgeMs: 100_000 });
  await expect.poll(() => launcher.guests.length).toBe(2);
  const first = await begin(launcher);
  expect(launcher.guests.length).toBe(2);
  pass(50);
  await expect.poll(() => launcher.guests.length).toBe(3);
  first.guest.say(DONE);
  await first.outcome;
  const second = launcher.guests[1]!;
  second.end({ reason: "exited", detail: "" });
  await expect.poll(() => launcher.guests.length).toBe(4);
  expect(second.killed()).toBe(true);
});

test("a guest that waited too long is replaced", async () => {
  const launcher = make(ready, { size: 1, maxAgeMs: 100_000 });
  await expect.poll(() => launcher.guests.length).toBe(1);
  await expect
    .poll(() => {
      pass(100_000);
      return launcher.guests[0]!.killed();
    })
    .toBe(true);
  await expect.poll(() => launcher.guests.length).toBeGreaterThan(1);
});

test("a launcher whose guests all fail is not asked without end", async () => {
  const launcher = make((guest) => guest.end({ reason: "exited", detail: "broken" }), { size: 2 });
  const lease = await backend.lease(REQUEST);
  await expect(lease.session.run(PROGRAM, HOST)).rejects.toMatchObject({ code: "sandbox_unavailable" });
  for (let turn = 0; turn < 300; turn++) {
    await setImmediate();
  }
  await backend.dispose();
  expect(launcher.guests.length).toBeLessThan(10);
  expect(launcher.guests.every((guest) => guest.killed())).toBe(true);
  expect(launcher.disposed).toBe(true);
});

test("a guest that waits is asked whether it is well, and is replaced when it says nothing", async () => {
  const launcher = make(ready, { size: 1, checkMs: 1_000 });
  await expect.poll(() => launcher.guests.length).toBe(1);
  const [first] = launcher.guests;
  const asked = (): number => first!.heard().split("{}\n").length - 1;
  await expect.poll(() => (pass(1_000), asked())).toBe(1);
  ready(first!);
  await expect.poll(() => (pass(1_000), asked())).toBe(2);
  expect(first!.killed()).toBe(false);
  await expect.poll(() => (pass(10_000), first!.killed())).toBe(true);
  await expect.poll(() => launcher.guests.length).toBe(2);
});

test("fifty leases at once start no more guests at a time than they may, and all are served", async () => {
  const starting = new Set<InMemoryGuest>();
  let most = 0;
  const launcher = make(
    (guest) => {
      starting.add(guest);
      most = Math.max(most, starting.size);
      void (async () => {
        await setImmediate();
        starting.delete(guest);
        ready(guest);
      })();
    },
    { size: 2, starts: 3 },
  );
  const run = async (): Promise<unknown> => {
    const lease = await backend.lease(REQUEST);
    const outcome = await lease.session.run(PROGRAM, HOST);
    await lease.dispose();
    return outcome.value;
  };
  const runs = Promise.all(Array.from({ length: 50 }, run));
  const answered = new Set<InMemoryGuest>();
  while (answered.size < 50) {
    for (const guest of launcher.guests.filter((one) => one.heard() !== "" && !answered.has(one))) {
      answered.add(guest);
      guest.say(DONE);
    }
    pass(50);
    await setImmediate();
  }
  expect(await runs).toEqual(Array.from({ length: 50 }, () => 7));
  expect(most).toBeLessThanOrEqual(3);
});
