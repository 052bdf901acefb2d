import { createDockerEngine } from "@mcp-optimizer/docker-engine";
import { DEFAULT_GUEST_RESOURCES, type GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { orReason, startDockerd } from "@mcp-optimizer/services";
import { once } from "node:events";
import { afterAll, describe, expect, test } from "vitest";
import { createDockerLauncher, createGvisorLauncher } from "../src/index.ts";
import { abortAfter } from "./abort-after.ts";
import { nodeAgent, pythonAgent } from "./agents.ts";
import { emptyTar, removeImages } from "./images.ts";
import { openGuest } from "./open-guest.ts";

const dockerd = await orReason(startDockerd);
afterAll(() => dockerd.service?.stop());

const MIB = 1024 * 1024;
const kinds = [
  { name: "docker", create: createDockerLauncher },
  { name: "gvisor", create: createGvisorLauncher },
];

describe.skipIf(dockerd.reason !== undefined).each(kinds)(
  `$name ${dockerd.reason ?? ""}`,
  ({ name, create }) => {
    const engine = createDockerEngine({ socketPath: dockerd.service?.socketPath ?? "" });
    const launcher: GuestLauncher = create({ engine });
    afterAll(() => launcher.dispose());

    const guests = (): Promise<number> =>
      engine.listContainers({ "dev.mcp-optimizer.sandbox": name }).then((list) => list.length);

    test("says that it is available, what it holds, and the languages", async () => {
      const probe = await launcher.probe();
      expect(probe).toMatchObject({ available: true, languages: ["javascript", "python"] });
      expect(new Set(Object.values(probe.enforcement))).toEqual(new Set(["enforced"]));
      if (name === "docker") expect(probe.warnings.join()).toContain("CVE-2025-31133");
    });

    test.each([
      [
        "javascript",
        nodeAgent,
        "return [typeof fs.readFileSync, process.getuid(), process.pid]",
        ["function", 65534, 1],
      ],
      [
        "python",
        pythonAgent,
        "import os, asyncio, sqlite3, ssl, zoneinfo\nzoneinfo.ZoneInfo('Europe/Berlin')\nresult = [os.getuid(), os.getpid()]",
        [65534, 1],
      ],
    ])("runs %s as nobody, and a kill leaves no container", async (_, agent, source, expected) => {
      const guest = await openGuest(launcher, agent);
      expect(await guest.ask(source)).toEqual(expected);
      expect(await guests()).toBe(1);
      await guest.channel.kill();
      expect(await guest.channel.ended).toMatchObject({ reason: "killed" });
      expect(await guests()).toBe(0);
      await guest.channel.kill();
    });

    test("shows the guest neither the host's environment nor its files", async () => {
      const guest = await openGuest(launcher, nodeAgent);
      const source = `return {
      env: fs.readFileSync("/proc/self/environ", "utf8").split("\\0").map((entry) => entry.split("=")[0]).filter(Boolean).sort(),
      root: fs.readdirSync("/").filter((entry) => !entry.startsWith(".")).sort(),
      absent: ["/etc/shadow", "/var/run/docker.sock", "/dev/kvm", "/dev/mem", "/home", "/root"].filter((path) => fs.existsSync(path)),
    }`;
      expect(await guest.ask(source)).toEqual({
        env: ["HOME", "HOSTNAME", "LANG", "PATH", "TZ"],
        root: ["dev", "etc", "guest", "lib", "lib64", "proc", "sys", "tmp", "usr"],
        absent: [],
      });
      await guest.channel.kill();
    });

    test("lets the guest write only below /tmp, and there only so much", async () => {
      const guest = await openGuest(launcher, nodeAgent, { diskBytes: 8 * MIB });
      const outside = `const written = [];
      for (const folder of ["/", "/dev", "/dev/shm", "/guest", "/etc", "/usr/bin", "/proc/sys/kernel", "/sys"]) {
        try { fs.writeFileSync(folder + "/x", "x"); written.push(folder); } catch {}
      }
      return written;`;
      expect(await guest.ask(outside)).toEqual([]);
      const fill = `const fd = fs.openSync("/tmp/fill", "w");
      let written = 0;
      try { for (;;) written += fs.writeSync(fd, Buffer.alloc(65536)); } catch (error) { return [written, error.code]; }`;
      expect(await guest.ask(fill)).toEqual([8 * MIB, "ENOSPC"]);
      await guest.channel.kill();
    });

    test("holds open files to their limit", async () => {
      const guest = await openGuest(launcher, nodeAgent);
      const source = `let opened = 0;
      try { for (;; opened++) fs.openSync("/etc/passwd"); } catch (error) { return [opened < 100, error.code]; }`;
      expect(await guest.ask(source)).toEqual([true, "EMFILE"]);
      await guest.channel.kill();
    });

    test("ends a guest that takes too much memory, and says why", async () => {
      const guest = await openGuest(launcher, nodeAgent, { memoryBytes: 128 * MIB });
      expect(await guest.ask("const kept = []; for (;;) kept.push(Buffer.alloc(1e7, 1));")).toBe("<end>");
      expect(await guest.channel.ended).toMatchObject({ reason: "memory" });
      await expect.poll(guests).toBe(0);
    });

    test("ends a busy loop at the CPU limit, and says why", async () => {
      const guest = await openGuest(launcher, nodeAgent, { cpuMs: 1000 });
      expect(await guest.ask("for (;;);")).toBe("<end>");
      expect(await guest.channel.ended).toMatchObject({ reason: "cpu" });
      await expect.poll(guests).toBe(0);
    });

    test("ends busy children together, though each is below the limit", async () => {
      const guest = await openGuest(launcher, pythonAgent, { cpuMs: 3000 });
      const source = `import os
for _ in range(4):
    if os.fork() == 0:
        while True: pass
import time
time.sleep(600)`;
      expect(await guest.ask(source)).toBe("<end>");
      expect(await guest.channel.ended).toMatchObject({ reason: "cpu" });
      await expect.poll(guests).toBe(0);
    });

    test("holds a fork bomb to the processes it may have", async () => {
      const guest = await openGuest(launcher, pythonAgent);
      const source = `import os, time
for made in range(1, 200):
    if os.fork() == 0:
        time.sleep(600)
        os._exit(0)
    print(made, flush=True)`;
      let made = 0;
      let said = await guest.ask(source);
      for (; typeof said === "number"; said = await guest.read()) made = said;
      // Docker refuses the process too many. gVisor cannot: it counts roughly, and the guest ends as a whole.
      expect(said).toEqual(
        name === "gvisor" ? "<end>" : { error: expect.stringContaining("BlockingIOError") as string },
      );
      expect(made).toBeGreaterThan(30);
      expect(made).toBeLessThan(name === "gvisor" ? 60 : 50);
      await guest.channel.kill();
      expect(await guests()).toBe(0);
    });

    test("a guest that kills all it sees, and ignores signals, is still killed", async () => {
      const guest = await openGuest(launcher, pythonAgent);
      const source = `import os, signal
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)
try: os.kill(-1, signal.SIGKILL)
except OSError: pass
result = "alive"`;
      await guest.ask(source);
      await guest.channel.kill();
      expect(await guests()).toBe(0);
    });

    test("kills a busy guest, and one whose output nobody takes", async () => {
      const busy = await openGuest(launcher, nodeAgent);
      busy.channel.input.write(`${JSON.stringify("for (;;);")}\n`);
      const flood = await launcher.launch(
        {
          language: "javascript",
          command: ["node", "-e", "for (;;) fs.writeSync(1, 'x'.repeat(65536))"],
          files: {},
        },
        DEFAULT_GUEST_RESOURCES,
      );
      await once(flood.output, "readable");
      await Promise.all([busy.channel.kill(), flood.kill()]);
      expect(await guests()).toBe(0);
    });

    test("tells of an end by itself, with a clean end of what it wrote to stderr", async () => {
      const guest = await openGuest(launcher, nodeAgent);
      expect(
        await guest.ask("fs.writeSync(2, 'x'.repeat(9000) + '\\u001b[31mlast\\nwords'); process.exit(3)"),
      ).toBe("<end>");
      await guest.channel.kill();
      const { reason, detail } = await guest.channel.ended;
      expect(reason).toBe("exited");
      expect(detail).toMatch(/^exit code 3; stderr: x+ \[31mlast words$/);
      expect(detail.length).toBeLessThan(4200);
    });

    test("measures a guest", async () => {
      const guest = await openGuest(launcher, nodeAgent);
      const usage = await guest.channel.usage();
      expect(usage.cpuMs).toBeGreaterThan(0);
      if (name === "docker") expect(usage.memoryBytes).toBeGreaterThan(MIB);
      await guest.channel.kill();
      expect(await guest.channel.usage()).toEqual({});
    });

    test("stops a launch that is cancelled, before and in the middle, and leaves nothing", async () => {
      const aborted = launcher.launch(nodeAgent, DEFAULT_GUEST_RESOURCES, AbortSignal.abort());
      await expect(aborted).rejects.toMatchObject({ code: "cancelled" });
      for (const after of ["createContainer", "attach", "start"] as const) {
        const stop = new AbortController();
        const spied = create({ engine: abortAfter(engine, after, stop) });
        const launch = spied.launch(nodeAgent, DEFAULT_GUEST_RESOURCES, stop.signal);
        await expect(launch, after).rejects.toMatchObject({ code: "cancelled" });
        expect(await guests()).toBe(0);
        await spied.dispose();
      }
    });

    test.each([
      ["memoryBytes", -1],
      ["memoryBytes", Number.MAX_VALUE],
      ["processes", 0],
      ["cpuMs", Number.NaN],
      ["diskBytes", 1.5],
    ])("refuses %s of %s before anything starts", async (key, value) => {
      const launch = launcher.launch(nodeAgent, { ...DEFAULT_GUEST_RESOURCES, [key]: value });
      await expect(launch).rejects.toMatchObject({ code: "invalid_params" });
      expect(await guests()).toBe(0);
    });

    test("refuses an image without the runner, one that is not there, and a language that it lacks", async () => {
      await engine.importImage(emptyTar(), { repository: "engine-test/bare", tag: "1", changes: [] });
      const label = ["LABEL dev.mcp-optimizer.guest=1", "LABEL dev.mcp-optimizer.guest.node=24"];
      await engine.importImage(emptyTar(), { repository: "engine-test/node", tag: "1", changes: label });
      const failures: [string, typeof nodeAgent, string][] = [
        ["engine-test/bare:1", nodeAgent, "no label"],
        ["engine-test/none:1", nodeAgent, "no image"],
        ["engine-test/node:1", pythonAgent, "no python"],
        ["engine-test/node:1", nodeAgent, "cannot run the guest"],
      ];
      for (const [image, agent, words] of failures) {
        const other = create({ engine, image });
        const error: unknown = await other
          .launch(agent, DEFAULT_GUEST_RESOURCES)
          .catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({
          code: "sandbox_unavailable",
          message: expect.stringContaining(words) as string,
        });
        await other.dispose();
      }
      expect(await create({ engine, image: "engine-test/bare:1" }).probe()).toMatchObject({
        available: false,
      });
      expect(await guests()).toBe(0);
    });

    test("makes its images anew when they were removed from outside", async () => {
      const guest = await openGuest(launcher, nodeAgent);
      await guest.channel.kill();
      await removeImages(dockerd.service!.socketPath);
      const again = await openGuest(launcher, nodeAgent);
      expect(await again.ask("return 1")).toBe(1);
      await again.channel.kill();
    });

    test("is disposed with all its guests, and launches no more", async () => {
      const other = create({ engine });
      const guest = await openGuest(other, nodeAgent);
      const late = other.launch(nodeAgent, DEFAULT_GUEST_RESOURCES).catch((error: unknown) => error);
      await other.dispose();
      expect(await guest.channel.ended).toMatchObject({ reason: "killed" });
      expect(await late).toMatchObject({ code: "shutting_down" });
      await expect(other.launch(nodeAgent, DEFAULT_GUEST_RESOURCES)).rejects.toMatchObject({
        code: "shutting_down",
      });
      expect(await guests()).toBe(0);
      await other.dispose();
    });
  },
);
