import { OptimizerError } from "@mcp-optimizer/contracts";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { EVAL_AGENTS } from "./eval-agents.ts";
import { openEvalGuest } from "./eval-guest.ts";
import type { LauncherCase } from "./launcher-case.ts";

const SPIN = { javascript: "for (;;);", python: "while True: pass" };
const ONE = { javascript: "return 1", python: "result = 1" };

/** Leaves a process behind that has left its session and ignores signals. */
const LEAVE_BEHIND = {
  javascript: `const stay = "for (const one of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(one, () => {}); setInterval(() => {}, 1e6)";
    const child = children.spawn("node", ["-e", stay], { detached: true, stdio: "ignore" });
    await new Promise((resolve, reject) => child.on("spawn", resolve).on("error", reject));
    child.unref();`,
  python: `
import os, signal, time
if os.fork() == 0:
    os.setsid()
    for one in [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]: signal.signal(one, signal.SIG_IGN)
    for fd in [0, 1, 2]: os.close(fd)
    if os.fork() == 0: time.sleep(600)
    os._exit(0)`,
};

const IGNORE_SIGNALS = {
  javascript: `for (const one of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"]) process.on(one, () => {});`,
  python: `
import signal
for one in [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT]: signal.signal(one, signal.SIG_IGN)`,
};

const EXIT = {
  javascript: `process.stderr.write("last words\\n"); process.exit(3)`,
  python: `import os\nos.write(2, b"last words\\n")\nos._exit(3)`,
};

/** How a guest starts and ends. */
export const LAUNCHER_LIFE_CASES: readonly LauncherCase[] = [
  {
    name: "lines pass both ways, large ones too, in order",
    sampled: true,
    run: async ({ open, language }) => {
      const guest = await open();
      expect(await guest.ask(ONE[language])).toEqual({ value: 1 });
      const text = 'é\u2028\\"'.repeat(250_000);
      const source = {
        javascript: `return ${JSON.stringify(text)}`,
        python: `result = ${JSON.stringify(text)}`,
      };
      expect((await guest.ask(source[language])).value === text).toBe(true);
      for (let n = 0; n < 20; n++) {
        expect(await guest.ask({ javascript: `return ${n}`, python: `result = ${n}` }[language])).toEqual({
          value: n,
        });
      }
    },
  },
  {
    name: "a guest that ends by itself is told so, with its last words, and leaves nothing",
    run: async ({ open, remains, language }) => {
      const guest = await open();
      await guest.ask(LEAVE_BEHIND[language]);
      const { end } = await guest.ask(EXIT[language]);
      expect(end).toMatchObject({ reason: "exited" });
      expect(end?.detail).toContain("3");
      expect(end?.detail).toContain("last words");
      await guest.channel.kill();
      expect(await guest.channel.ended).toEqual(end);
      expect(await remains()).toEqual([]);
    },
  },
  {
    name: "closing the guest's input is an end of the stream to its agent",
    run: async ({ open }) => {
      const guest = await open();
      guest.channel.input.end();
      expect(await guest.channel.ended).toMatchObject({ reason: "exited" });
    },
  },
  {
    name: "killing a busy guest ends it and all it started",
    sampled: true,
    run: async ({ open, remains, language }) => {
      const guest = await open();
      expect(await guest.ask(LEAVE_BEHIND[language])).toEqual({ value: null });
      guest.tell(SPIN[language]);
      await guest.channel.kill();
      await guest.channel.kill();
      expect(await guest.channel.ended).toMatchObject({ reason: "killed" });
      expect(await remains()).toEqual([]);
    },
  },
  {
    name: "a guest that ignores signals is killed all the same",
    run: async ({ open, remains, language }) => {
      const guest = await open();
      expect(await guest.ask(IGNORE_SIGNALS[language])).toEqual({ value: null });
      await guest.channel.kill();
      expect(await remains()).toEqual([]);
    },
  },
  {
    name: "a guest whose output nobody reads is killed all the same",
    languages: ["javascript"],
    run: async ({ open, remains }) => {
      const guest = await open();
      guest.tell("for (;;) fs.writeSync(1, 'x'.repeat(65536))");
      // Nobody takes what comes while nothing is asked.
      await expect.poll(() => guest.channel.output.readableLength, { timeout: 25_000 }).toBeGreaterThan(0);
      await guest.channel.kill();
      expect(await remains()).toEqual([]);
    },
  },
  {
    name: "a guest that floods its error output keeps a bounded end of it",
    languages: ["javascript"],
    run: async ({ open }) => {
      const guest = await open();
      const { end } = await guest.ask(
        "for (let n = 0; n < 8; n++) fs.writeSync(2, 'x'.repeat(65536)); fs.writeSync(2, '\\u001b[31mlast words\\n'); process.exit(4)",
      );
      expect(end?.reason).toBe("exited");
      expect(end?.detail).toContain("last words");
      expect(end?.detail).not.toContain("\u001b");
      expect(end?.detail.length).toBeLessThan(16_384);
      await guest.channel.kill();
    },
  },
  {
    name: "the usage of a guest grows with what it does",
    run: async ({ open, launcher, language }) => {
      const guest = await open();
      const busy = {
        javascript: "const end = Date.now() + 400; while (Date.now() < end); return 1",
        python: "import time\nend = time.time() + 0.4\nwhile time.time() < end: pass\nresult = 1",
      };
      const before = await guest.channel.usage();
      await guest.ask(busy[language]);
      const after = await guest.channel.usage();
      const { enforcement } = await launcher.probe();
      if (after.cpuMs !== undefined) expect(after.cpuMs).toBeGreaterThan(before.cpuMs ?? 0);
      else expect(enforcement.cpuMs).toBe("none");
      if (after.memoryBytes !== undefined) expect(after.memoryBytes).toBeGreaterThan(0);
    },
  },
  {
    name: "aborting a launch, at whatever moment, leaves nothing",
    timeout: 90_000,
    run: async ({ launcher, resources, remains, language }) => {
      const agent = EVAL_AGENTS[language];
      const aborted = launcher.launch(agent, resources, AbortSignal.abort());
      await expect(aborted).rejects.toMatchObject({ code: "cancelled" });
      for (const afterMs of [0, 1, 2, 4, 8, 16, 32, 64, 128]) {
        const controller = new AbortController();
        const launch = launcher.launch(agent, resources, controller.signal);
        const [outcome] = await Promise.all([
          launch.catch((error: unknown) => error),
          delay(afterMs).then(() => controller.abort()),
        ]);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: "cancelled" });
        else await (await launch).kill();
        expect(await remains()).toEqual([]);
      }
    },
  },
  {
    name: "resources that make no sense are refused",
    languages: ["javascript"],
    run: async ({ launcher, resources, remains }) => {
      for (const [key, value] of [
        ["cpuMs", 0],
        ["memoryBytes", -1],
        ["diskBytes", Number.NaN],
        ["processes", 1.5],
      ] as const) {
        const launch = launcher.launch(EVAL_AGENTS.javascript, { ...resources, [key]: value });
        await expect(launch, key).rejects.toMatchObject({ code: "invalid_params" });
      }
      expect(await remains()).toEqual([]);
    },
  },
  {
    name: "a disposed launcher has ended its guests and starts no more",
    languages: ["javascript"],
    run: async ({ createLauncher, resources, remains }) => {
      const launcher = await createLauncher();
      const agent = EVAL_AGENTS.javascript;
      const channels = await Promise.all([1, 2].map(() => launcher.launch(agent, resources)));
      await Promise.all(channels.map((channel) => openEvalGuest(channel)));
      const late = launcher.launch(agent, resources).catch((error: unknown) => error);
      await Promise.all([launcher.dispose(), launcher.dispose()]);
      for (const channel of channels) expect(await channel.ended).toMatchObject({ reason: "killed" });
      const error = await late;
      if (OptimizerError.is(error)) expect(error.code).toBe("shutting_down");
      else
        expect(await (await (late as Promise<(typeof channels)[0]>)).ended).toMatchObject({
          reason: "killed",
        });
      await expect(launcher.launch(agent, resources)).rejects.toMatchObject({ code: "shutting_down" });
      expect(await remains()).toEqual([]);
    },
  },
  {
    name: "a sweep removes what an owner killed by SIGKILL left, and nothing else",
    languages: ["javascript"],
    timeout: 90_000,
    run: async ({ startOwner, launcher, open, remains }) => {
      if (startOwner === undefined) return;
      const own = await open();
      const killed = await startOwner();
      await killed.kill();
      const alive = await startOwner();
      try {
        await launcher.sweep();
        expect((await remains()).length).toBeGreaterThan(0);
        expect(await own.ask("return 1")).toEqual({ value: 1 });
        await own.channel.kill();
      } finally {
        await alive.kill();
      }
      await launcher.sweep();
      expect(await remains()).toEqual([]);
    },
  },
  {
    name: "the probe tells what holds",
    languages: ["javascript"],
    run: async ({ launcher }) => {
      const probe = await launcher.probe();
      expect(probe).toMatchObject({ available: true });
      expect(probe.languages).toContain("javascript");
      expect(Object.keys(probe.enforcement).sort()).toEqual([
        "cpuMs",
        "diskBytes",
        "fileHandles",
        "filesystem",
        "memoryBytes",
        "network",
        "processes",
      ]);
      expect(Object.keys(probe.versions).length).toBeGreaterThan(0);
    },
  },
];
