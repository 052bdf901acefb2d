import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { isGroupAlive } from "../../src/stdio/end-group.ts";
import { createWatchdog } from "../../src/stdio/watchdog.ts";
import { BOUND, keep } from "../harness.ts";

/** Watchdog processes of this one. */
function watchdogs(): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => {
      try {
        const [state, parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
          .replace(/^.*\) /, "")
          .split(" ");
        const isOurs = Number(parent) === process.pid && state !== "Z";
        return isOurs && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("while read -r op id");
      } catch {
        return false;
      }
    });
}

test("starts with the first group, serves all, and on dispose ends itself and no group", async () => {
  const watchdog = createWatchdog(() => {});
  keep(watchdog);
  expect(watchdogs()).toHaveLength(0);
  const groups = [1, 2].map(() => {
    const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    keep({ dispose: () => child.kill("SIGKILL") });
    return child.pid!;
  });
  for (const group of groups) watchdog.add(group);
  expect(watchdogs()).toHaveLength(1);
  watchdog.dispose();
  watchdog.dispose();
  await vi.waitFor(() => expect(watchdogs()).toHaveLength(0), BOUND);
  expect(groups.map(isGroupAlive)).toEqual([true, true]);
});
