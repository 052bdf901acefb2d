import { EVAL_AGENTS, openEvalGuest, type LauncherCase } from "@mcp-optimizer/testkit";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { expect } from "vitest";

const IDENTITY = `const random = Buffer.alloc(32); fs.readSync(fs.openSync("/dev/urandom"), random);
  const boot = fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
  return { random: random.toString("hex"), boot, now: Date.now() };`;

/** What is asked of guests that are copies of one machine. */
export const COPY_CASES: readonly LauncherCase[] = [
  {
    name: "copies draw different random numbers of their kernels, have no identity in common and know the time",
    languages: ["javascript"],
    run: async ({ open }) => {
      const [one, other] = await Promise.all([open(), open()]);
      const [first, second] = (await Promise.all([one.ask(IDENTITY), other.ask(IDENTITY)])).map(
        ({ value }) => value as Record<string, string | number>,
      );
      for (const key of ["random", "boot"]) expect(first![key], key).not.toBe(second![key]);
      for (const guest of [first, second]) {
        expect(Math.abs(Number(guest!["now"]) - Date.now())).toBeLessThan(10_000);
      }
    },
  },
  {
    name: "a guest's processor, memory and devices are those of its own machine",
    languages: ["javascript"],
    run: async ({ open }) => {
      const guest = await open();
      const { value } = await guest.ask(`return {
        root: fs.readFileSync("/proc/mounts", "utf8").split("\\n").find((line) => line.split(" ")[1] === "/"),
        net: fs.readFileSync("/proc/net/dev", "utf8").trim().split("\\n").slice(2).map((line) => line.split(":")[0].trim()),
        dev: fs.readdirSync("/dev").sort(), version: fs.readFileSync("/proc/version", "utf8") }`);
      expect(value).toMatchObject({
        root: expect.stringMatching(/ ext4 ro[, ]/),
        net: ["lo"],
        dev: ["fd", "full", "null", "random", "urandom", "zero"],
        version: expect.stringContaining("cloud"),
      });
    },
  },
  {
    name: "copies run as users of their own, and may read what they are copies of, not write to it",
    languages: ["javascript"],
    run: async ({ open }) => {
      // Only root may change users.
      if (process.getuid?.() !== 0) return;
      await Promise.all([open(), open()]);
      const copies = await runningCopies();
      expect(copies.length).toBeGreaterThan(1);
      expect(new Set(copies.map(({ uid }) => uid)).size).toBe(copies.length);
      for (const { uid, memory } of copies) {
        const { mode, uid: owner, gid } = await stat(memory);
        expect([owner, mode & 0o777]).toEqual([0, 0o440]);
        expect([0, gid]).not.toContain(uid);
        expect(await stat(dirname(memory))).toMatchObject({ uid: 0, gid });
      }
    },
  },
  {
    name: "a guest that is not a copy starts too, and is as confined",
    languages: ["javascript"],
    timeout: 60_000,
    run: async ({ launcher, resources, remains }) => {
      const channel = await launcher.launch({ ...EVAL_AGENTS.javascript, clonable: false }, resources);
      const guest = await openEvalGuest(channel);
      expect(await guest.ask("return process.getuid()")).toEqual({ value: 65_534 });
      await channel.kill();
      expect(await remains()).toEqual([]);
    },
  },
];

/** Copies of this process's machines: their user, and the memory that they started from. */
async function runningCopies(): Promise<{ uid: number; memory: string }[]> {
  const copies: { uid: number; memory: string }[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    const memory = /mem-path=([^,\0]+),share=off/.exec(commandLine)?.[1];
    if (memory?.includes(`-${process.pid}-`) !== true) continue;
    copies.push({ uid: Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]), memory });
  }
  return copies;
}
