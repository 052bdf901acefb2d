import { DEFAULT_GUEST_RESOURCES } from "@mcp-optimizer/sandbox-guest";
import { EVAL_AGENTS, openEvalGuest } from "@mcp-optimizer/testkit";
import { readlink } from "node:fs/promises";
import { afterAll, describe, expect, test } from "vitest";
import { abortAfter } from "./abort-after.ts";
import { KINDS } from "./kinds.ts";
import { markContainers, markedContainers } from "./mark-containers.ts";
import { sharedDockerd } from "./shared-dockerd.ts";

const { service, reason } = await sharedDockerd();

describe.skipIf(reason !== undefined).each(KINDS)(
  `$name ${reason ?? ""}`,
  { timeout: 60_000 },
  ({ name, launcher: create }) => {
    const mark = `${name} containers`;
    const engine = markContainers(service?.socketPath ?? "", mark);
    const launcher = create({ engine });
    afterAll(() => launcher.dispose());

    async function ask(language: "javascript" | "python", source: string) {
      const channel = await launcher.launch(EVAL_AGENTS[language], DEFAULT_GUEST_RESOURCES);
      try {
        return await (await openEvalGuest(channel)).ask(source);
      } finally {
        await channel.kill();
      }
    }

    test("everything is enforced, and a runc with known holes is named", async () => {
      const probe = await launcher.probe();
      expect(probe).toMatchObject({ available: true, languages: ["javascript", "python"] });
      expect(new Set(Object.values(probe.enforcement))).toEqual(new Set(["enforced"]));
      expect(probe.warnings.join()).toContain(name === "docker" ? "CVE-2025-31133" : "roughly");
      expect(probe.versions["engine"]).toBeDefined();
    });

    test("the guest is nobody's first process, and sees its image and five variables", async () => {
      const source = `return {
        who: [process.getuid(), process.getgid(), process.pid],
        env: fs.readFileSync("/proc/self/environ", "utf8").split("\\0").map((entry) => entry.split("=")[0]).filter(Boolean).sort(),
        root: fs.readdirSync("/").filter((entry) => !entry.startsWith(".")).sort(),
        absent: ["/etc/shadow", "/var/run/docker.sock", "/dev/kvm", "/dev/mem", "/home", "/root"].filter((path) => fs.existsSync(path)),
      }`;
      expect((await ask("javascript", source)).value).toEqual({
        who: [65_534, 65_534, 1],
        env: ["GLIBC_TUNABLES", "HOME", "HOSTNAME", "LANG", "PATH", "TZ"],
        root: ["dev", "etc", "guest", "lib", "lib64", "proc", "sys", "tmp", "usr"],
        absent: [],
      });
    });

    test("Python has its standard library and time zones", async () => {
      const source = `import asyncio, sqlite3, ssl, zoneinfo
zoneinfo.ZoneInfo("Europe/Berlin")
result = sqlite3.connect(":memory:").execute("select 1").fetchone()[0]`;
      expect(await ask("python", source)).toEqual({ value: 1 });
    });

    test("there is no interface but that of a network of the guest's own", async () => {
      const source = `const { promises } = fs;
        const interfaces = fs.readFileSync("/proc/net/dev", "utf8").trim().split("\\n").slice(2);
        return { interfaces: interfaces.map((line) => line.split(":")[0].trim()),
          network: await promises.readlink("/proc/self/ns/net").catch(() => "hidden") }`;
      const { interfaces, network } = (await ask("javascript", source)).value as Record<string, unknown>;
      expect(interfaces).toEqual(["lo"]);
      expect(network).not.toBe(await readlink("/proc/self/ns/net"));
    });

    test("no name is resolved", async () => {
      const source = `const { lookup } = await import("node:dns/promises");
        return lookup("example.com").then(() => "found", () => "not found");`;
      expect(await ask("javascript", source)).toEqual({ value: "not found" });
    });

    test("arrays that nobody writes to count as memory", async () => {
      const channel = await launcher.launch(EVAL_AGENTS.javascript, {
        ...DEFAULT_GUEST_RESOURCES,
        memoryBytes: 128 * 1024 * 1024,
      });
      const guest = await openEvalGuest(channel);
      const { value, end } = await guest.ask(
        "const kept = []; while (kept.length < 1000) kept.push(new Uint8Array(1e6)); return kept.length",
      );
      expect(value).toBeUndefined();
      expect(end).toMatchObject({ reason: "memory" });
      await channel.kill();
    });

    test("about as many processes start as a guest may have", async () => {
      const channel = await launcher.launch(EVAL_AGENTS.python, DEFAULT_GUEST_RESOURCES);
      const guest = await openEvalGuest(channel);
      const { value, end } = await guest.ask(`import os, time
made = 0
try:
    for made in range(200):
        if os.fork() == 0: time.sleep(600)
        open("/tmp/made", "w").write(str(made + 1))
except OSError: pass
result = made`);
      // gVisor cannot refuse the process too many: it counts roughly, and the guest ends as a whole.
      if (name === "gvisor") expect(end).toBeDefined();
      else expect(value).toBe(49);
      await channel.kill();
    });

    test("a launch that is cancelled after any of its steps leaves nothing", async () => {
      for (const after of ["createContainer", "attach", "start"] as const) {
        const stop = new AbortController();
        const spied = create({ engine: abortAfter(engine, after, stop) });
        const launch = spied.launch(EVAL_AGENTS.javascript, DEFAULT_GUEST_RESOURCES, stop.signal);
        await expect(launch, after).rejects.toMatchObject({ code: "cancelled" });
        expect(await markedContainers(engine, mark)).toEqual([]);
        await spied.dispose();
      }
    });
  },
);
