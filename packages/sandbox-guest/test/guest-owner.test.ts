import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { isOwnerGone, ownerText } from "../src/guest-owner.ts";

const HOUR = 3_600_000;

test("this process is not gone, however old its guest", () => {
  expect(isOwnerGone(ownerText(), 100 * HOUR, HOUR)).toBe(false);
});

test("a process that ended is gone at once", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  await once(child, "spawn");
  const owner = ownerText(child.pid);
  expect(isOwnerGone(owner, 0, HOUR)).toBe(false);
  child.stdin.end();
  await once(child, "exit");
  expect(isOwnerGone(owner, 0, HOUR)).toBe(true);
});

test.runIf(process.platform === "linux")("a later process with the same id is another one", () => {
  const [space, pid] = ownerText().split("|");
  expect(isOwnerGone(`${space}|${pid}|1`, 0, HOUR)).toBe(true);
});

test.each(["", "nonsense", "elsewhere|1|1", "elsewhere|x|1"])("%j is judged by age alone", (owner) => {
  expect(isOwnerGone(owner, HOUR - 1, HOUR)).toBe(false);
  expect(isOwnerGone(owner, HOUR + 1, HOUR)).toBe(true);
});
