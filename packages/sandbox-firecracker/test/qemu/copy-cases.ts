import { EVAL_AGENTS, openEvalGuest, type LauncherCase } from "@mcp-optimizer/testkit";
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
