import { OptimizerError, type RateWindow } from "@mcp-optimizer/contracts";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RateSettingsSchema, type RateSettings } from "../../src/rates/rate-settings.ts";
import { createUsageLimits } from "../../src/rates/usage-limits.ts";

const ANN = { tenant: "acme", session: "ann" };
const BOB = { tenant: "acme", session: "bob" };
/** Calls its session as that one does, since clients may. */
const EVE = { ...ANN, principal: "eve" };
const LEASE = 60_000;
const NAMESAKE = { tenant: "other", session: "ann" };

const refusal = async (promise: Promise<unknown>): Promise<OptimizerError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (OptimizerError.is(error)) return error;
  throw new Error("it was not refused");
};

// The limiter takes time from the machine and keeps timers of its own.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("rates", () => {
  test("of runs: a session's, and no one else's", async () => {
    const limits = await createUsageLimits({ session: { runsPerMinute: 2 } });
    for (const owner of [ANN, ANN, BOB, EVE, EVE, NAMESAKE]) (await limits.enter(owner, LEASE)).leave();
    vi.advanceTimersByTime(20_000);
    expect(await refusal(limits.enter(ANN, LEASE))).toMatchObject({
      code: "rate_limit",
      status: 429,
      message:
        "Too many requests: a session may have 2 runs a minute (rates.session.runsPerMinute); try again in 40 s",
      data: { limit: "rates.session.runsPerMinute", allowed: 2, retryAfterMs: 40_000, retryAfter: 40 },
    });
    vi.advanceTimersByTime(40_000);
    (await limits.enter(ANN, LEASE)).leave();
  });

  test("of a tenant hold all its sessions, and those without a session", async () => {
    const limits = await createUsageLimits({ session: { callsPerMinute: 9 }, tenant: { callsPerMinute: 3 } });
    for (const owner of [ANN, BOB, { tenant: "acme" }]) await limits.call(owner);
    for (const owner of [ANN, BOB, { tenant: "acme" }])
      expect(await refusal(limits.call(owner))).toMatchObject({
        code: "rate_limit",
        data: { limit: "rates.tenant.callsPerMinute" },
      });
    await limits.call(NAMESAKE);
  });

  test("what a tenant's limit refuses is not counted against the session", async () => {
    const limits = await createUsageLimits({ session: { callsPerMinute: 3 }, tenant: { callsPerMinute: 2 } });
    await limits.call(BOB);
    await limits.call(ANN);
    for (let i = 0; i < 20; i++)
      expect((await refusal(limits.call(ANN))).data).toMatchObject({ limit: "rates.tenant.callsPerMinute" });
  });

  test("no schedule lets more through in a window than allowed, and none starves", async () => {
    const steps = fc.array(fc.tuple(fc.constantFrom(ANN, BOB), fc.nat(30_000)), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, async (schedule) => {
        const limits = await createUsageLimits({ session: { callsPerMinute: 3 } });
        const windows = new Map<string, { until: number; count: number }>();
        for (const [owner, pause] of schedule) {
          vi.advanceTimersByTime(pause);
          const open = windows.get(owner.session);
          const window = open && open.until > Date.now() ? open : { until: Date.now() + 60_000, count: 0 };
          windows.set(owner.session, window);
          const passed = await limits.call(owner).then(
            () => true,
            () => false,
          );
          expect(passed).toBe(window.count < 3);
          if (passed) window.count += 1;
        }
        vi.clearAllTimers();
      }),
      { numRuns: 60 },
    );
  });
});

describe("tokens", () => {
  test("that are used up keep the next run from beginning, by the minute and by the hour", async () => {
    const settings: RateSettings = { session: { tokensPerMinute: 1_000 }, tenant: { tokensPerHour: 2_500 } };
    const limits = await createUsageLimits(settings);
    await limits.spend(ANN, 999);
    (await limits.enter(ANN, LEASE)).leave();
    await limits.spend(ANN, 1_400);
    expect(await refusal(limits.enter(ANN, LEASE))).toMatchObject({
      code: "token_limit",
      data: { limit: "rates.session.tokensPerMinute", retryAfter: 60 },
    });
    (await limits.enter(BOB, LEASE)).leave();
    vi.advanceTimersByTime(60_000);
    (await limits.enter(ANN, LEASE)).leave();
    await limits.spend(BOB, 101);
    expect(await refusal(limits.enter(ANN, LEASE))).toMatchObject({
      code: "token_limit",
      data: { limit: "rates.tenant.tokensPerHour", retryAfterMs: 59 * 60_000 },
    });
  });
});

describe("runs at once", () => {
  test("are places, given back once", async () => {
    const limits = await createUsageLimits({ session: { runsAtOnce: 1 }, tenant: { runsAtOnce: 2 } });
    const first = await limits.enter(ANN, LEASE);
    expect(await refusal(limits.enter(ANN, LEASE))).toMatchObject({
      code: "concurrency_limit",
      data: { limit: "rates.session.runsAtOnce", allowed: 1, retryAfterMs: 1_000, retryAfter: 1 },
    });
    const second = await limits.enter(BOB, LEASE);
    expect((await refusal(limits.enter({ tenant: "acme", session: "eve" }, LEASE))).data).toMatchObject({
      limit: "rates.tenant.runsAtOnce",
    });
    // Eve's own place is free again.
    first.leave();
    first.leave();
    const third = await limits.enter({ tenant: "acme", session: "eve" }, LEASE);
    expect((await refusal(limits.enter(ANN, LEASE))).data).toMatchObject({
      limit: "rates.tenant.runsAtOnce",
    });
    for (const run of [second, third]) run.leave();
    (await limits.enter(ANN, LEASE)).leave();
  });

  test("a run that is refused for another reason takes no place, and no place no run's share", async () => {
    const limits = await createUsageLimits({ session: { runsAtOnce: 1, runsPerMinute: 2 } });
    const { leave } = await limits.enter(ANN, LEASE);
    for (let i = 0; i < 5; i++)
      expect((await refusal(limits.enter(ANN, LEASE))).code).toBe("concurrency_limit");
    leave();
    (await limits.enter(ANN, LEASE)).leave();
    for (let i = 0; i < 2; i++) expect((await refusal(limits.enter(ANN, LEASE))).code).toBe("rate_limit");
    vi.advanceTimersByTime(60_000);
    (await limits.enter(ANN, LEASE)).leave();
  });
});

test("without limits nothing is counted", async () => {
  for (const settings of [undefined, {}, { session: {}, tenant: {} }]) {
    const limits = await createUsageLimits(settings);
    for (let i = 0; i < 1_000; i++) await limits.enter(ANN, LEASE);
    await limits.call(ANN);
    await limits.spend(ANN, 1e9);
  }
  expect(vi.getTimerCount()).toBe(0);
});

test("a store of one's own counts instead of the memory, and its faults come through with nothing taken", async () => {
  const named: string[] = [];
  const fault = new Error("the store is away");
  const limits = await createUsageLimits(
    { session: { runsAtOnce: 1, runsPerMinute: 1, tokensPerHour: 7 } },
    {
      createWindow: ({ name, amount, seconds }): RateWindow => {
        named.push(`${name} ${amount}/${seconds}`);
        const gone = (): Promise<never> => Promise.reject(fault);
        return { take: gone, giveBack: gone, note: gone, usedUpFor: async () => 0 };
      },
    },
  );
  expect(named).toEqual(["session:runsPerMinute 1/60", "session:tokensPerHour 7/3600"]);
  for (let i = 0; i < 2; i++) await expect(limits.enter(ANN, LEASE)).rejects.toBe(fault);
  // What has run is not taken back.
  await limits.spend(ANN, 1);
});

test("places are taken for as long as the run may last; one that cannot be given back keeps nobody from leaving", async () => {
  const asked: unknown[] = [];
  const told: string[] = [];
  const limits = await createUsageLimits(
    { session: { runsAtOnce: 1 }, tenant: { runsAtOnce: 2 } },
    {
      places: {
        async take(key, places, leaseMs) {
          asked.push([key, places, leaseMs]);
          return () => Promise.reject(new Error("the store is away"));
        },
      },
      log: ({ message }) => told.push(message),
    },
  );
  (await limits.enter(ANN, 7_000)).leave();
  await vi.waitFor(() => expect(told).toHaveLength(2));
  expect(asked).toEqual([
    ['session:["acme","acme","ann"]', 1, 7_000],
    ["tenant:acme", 2, 7_000],
  ]);
});

test.each([
  { session: { runsPerMinute: 0 } },
  { session: { runsPerMinute: 1.5 } },
  { tenant: { runsAtOnce: 100_000 } },
  { tenant: { runPerMinute: 1 } },
  { user: {} },
])("settings that are wrong are refused: %j", (settings) => {
  expect(RateSettingsSchema.safeParse(settings).success).toBe(false);
});
