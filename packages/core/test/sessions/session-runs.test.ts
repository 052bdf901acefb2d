import type { Bulletin, BulletinListener } from "@mcp-optimizer/contracts";
import { createManualClock } from "@mcp-optimizer/testkit";
import { expect, test, vi } from "vitest";
import { createSessionRuns } from "../../src/sessions/session-runs.ts";

test("a run ends with its session, also where nobody was heard to end it", async () => {
  const subscribed = Promise.withResolvers<void>();
  let listener: BulletinListener | undefined;
  const bulletin: Bulletin = {
    publish: async () => {},
    async subscribe(_topic, heard) {
      await subscribed.promise;
      listener = heard;
      return async () => {};
    },
  };
  const there = new Set(["stays", "gap"]);
  const isThere = async (_tenant: string, session: string): Promise<boolean> => there.has(session);
  const runs = createSessionRuns({ clock: createManualClock(), log: () => {}, bulletin, isThere });
  const join = (session: string): AbortSignal => {
    const abort = new AbortController();
    runs.join("local", session, abort);
    return abort.signal;
  };
  const [early, gap, stays] = [join("early"), join("gap"), join("stays")];
  subscribed.resolve();
  await vi.waitFor(() => expect(early.aborted).toBe(true));
  expect(gap.aborted).toBe(false);
  there.delete("gap");
  listener?.onGap?.();
  await vi.waitFor(() => expect(gap.aborted).toBe(true));
  expect(stays.aborted).toBe(false);
  await runs.dispose();
});
