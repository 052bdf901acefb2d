import { spawn, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import type { Log } from "@mcp-optimizer/contracts";
import { WATCHDOG_SCRIPT } from "./watchdog-script.ts";

/** Ends process groups when this process dies, even by SIGKILL. */
export interface Watchdog {
  /** From now on, the group ends with this process. */
  add(group: number): void;
  /** The group has ended, or may live on. */
  remove(group: number): void;
  /** Ends the watchdog's own process and leaves the groups alone. Idempotent. */
  dispose(): void;
}

/** Makes a watchdog; its process, a small shell in a session of its own, starts with the first group. */
export function createWatchdog(log: Log): Watchdog {
  let child: ChildProcess | undefined;
  let disposed = false;
  const groups = new Set<number>();
  const say = (line: string): void => {
    child?.stdin?.write(`${line}\n`);
  };
  const start = (): void => {
    child = spawn("/bin/sh", ["-c", WATCHDOG_SCRIPT], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: "/usr/bin:/bin" },
    });
    child.on("error", (cause) => {
      log({ level: "warn", message: "No watchdog: servers may outlive a killed optimizer", cause });
      child = undefined;
    });
    child.on("exit", () => {
      child = undefined;
    });
    child.stdin!.on("error", () => {});
    // Neither may keep this process alive.
    child.unref();
    (child.stdin as Socket).unref();
    for (const group of groups) say(`+ ${group}`);
  };
  return {
    add(group) {
      if (disposed || process.platform === "win32") return;
      groups.add(group);
      if (child === undefined) start();
      else say(`+ ${group}`);
    },
    remove(group) {
      if (groups.delete(group)) say(`- ${group}`);
    },
    dispose() {
      disposed = true;
      for (const group of groups) say(`- ${group}`);
      groups.clear();
      child?.stdin?.end();
      child = undefined;
    },
  };
}
