import { expect, test } from "vitest";
import { createHostUsers } from "../../src/host/host-user.ts";

const WHOLE = "         0          0 4294967295\n";

test("root gives each machine a user of its own, again only once it is free", () => {
  const one = createHostUsers(undefined, 0, WHOLE);
  const other = createHostUsers(undefined, 0, WHOLE);
  const taken = [one.take(), other.take(), one.take()];
  const ids = taken.map(({ user }) => user!.uid);
  expect(new Set(ids).size).toBe(3);
  for (const { user } of taken) {
    expect(user!.uid).toBeGreaterThan(65_534);
    expect(user!.gid).toBe(user!.uid);
  }
  const rest = Array.from({ length: 1021 }, () => other.take());
  expect(() => one.take()).toThrow(expect.objectContaining({ code: "sandbox_unavailable" }));
  taken[1]!.release();
  const again = one.take();
  expect(again.user!.uid).toBe(ids[1]);
  // It is another machine's now.
  taken[1]!.release();
  expect(() => one.take()).toThrow(expect.objectContaining({ code: "sandbox_unavailable" }));
  for (const { release } of [...taken, ...rest, again]) release();
});

test("few ids, a user that was asked for, and rights that are not there", () => {
  const uidOf = (...args: Parameters<typeof createHostUsers>): number | undefined =>
    createHostUsers(...args).take().user?.uid;
  expect(uidOf(undefined, 0, "0 100000 65536\n")).toBe(65_534);
  expect(uidOf({ uid: 7, gid: 8 }, 0, WHOLE)).toBe(7);
  expect(uidOf(undefined, 1000, WHOLE)).toBeUndefined();
});

test.each([
  { uid: 0, gid: 5 },
  { uid: 5, gid: 0 },
])("a machine is never root: %j", (user) => {
  expect(() => createHostUsers(user, 0, WHOLE)).toThrow(expect.objectContaining({ code: "config_invalid" }));
});
