import type { LogEntry } from "@mcp-optimizer/contracts";
import {
  DEFAULT_GUEST_RESOURCES,
  ownerText,
  type GuestAgent,
  type GuestLauncher,
} from "@mcp-optimizer/sandbox-guest";
import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { EVAL_AGENTS } from "@mcp-optimizer/testkit";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBasicLauncher, createSeccompLauncher } from "../src/index.ts";
import { remains } from "./remains.ts";

const bubblewrap = await orReason(() => ensureDebianPackages(["bubblewrap"]));
const isRoot = process.getuid?.() === 0;
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-refusals-"));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const script = async (name: string, body: string): Promise<string> => {
  await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return join(folder, name);
};

async function expectUnavailable(launcher: GuestLauncher, words: string): Promise<void> {
  const reason = expect.stringContaining(words) as string;
  expect(await launcher.probe()).toMatchObject({ available: false, reason, languages: [] });
  const launch = launcher.launch(EVAL_AGENTS.javascript, DEFAULT_GUEST_RESOURCES);
  await expect(launch).rejects.toMatchObject({ code: "sandbox_unavailable", message: reason });
  await launcher.dispose();
  expect(await remains(launcher.name as "seccomp")).toEqual([]);
}

test("without bubblewrap there is no guest, and the reason says what to install", async () => {
  await expectUnavailable(
    createSeccompLauncher({ bubblewrap: join(folder, "none") }),
    "apt-get install bubblewrap",
  );
});

test("a bubblewrap that is too old is refused", async () => {
  const bubblewrap = await script("old", "echo bubblewrap 0.6.1");
  await expectUnavailable(createSeccompLauncher({ bubblewrap }), "0.8 or later");
});

test("when the kernel gives no namespaces, the reason says so, and the log has the words", async () => {
  const entries: LogEntry[] = [];
  const body = `case "$1" in --version) echo bubblewrap 0.9.0;; *) echo "bwrap: No permissions to create new namespace" >&2; exit 1;; esac`;
  const bubblewrap = await script("refused", body);
  await expectUnavailable(
    createSeccompLauncher({ bubblewrap, log: (entry) => entries.push(entry) }),
    "namespaces",
  );
  expect(String((entries[0]!.cause as Error).cause)).toContain("No permissions");
});

test("a bubblewrap that builds no walls starts no guest", async () => {
  const body = `case "$1" in --version) echo bubblewrap 0.9.0;; *) shift 5; exec "$@";; esac`;
  const bubblewrap = await script("wall-less", body);
  await expectUnavailable(createSeccompLauncher({ bubblewrap }), "could not be started");
});

test("no guest is root", () => {
  expect(() => createSeccompLauncher({ uid: 0 })).toThrow("never runs as root");
  expect(() => createBasicLauncher({ uid: 0 })).toThrow("never runs as root");
});

test("basic refuses to start in production, unless it is forced, and warns always", async () => {
  const environment = { NODE_ENV: "production" };
  await expectUnavailable(createBasicLauncher({ environment }), "production");
  const entries: LogEntry[] = [];
  const forced = createBasicLauncher({ environment, force: true, log: (entry) => entries.push(entry) });
  const probe = await forced.probe();
  expect(probe).toMatchObject({ available: true });
  expect(probe.warnings[0]).toContain("is no sandbox");
  expect(entries).toMatchObject([
    { level: "warn", message: expect.stringContaining("is no sandbox") as string },
  ]);
  await forced.dispose();
});

test.skipIf(bubblewrap.reason !== undefined)(
  "a Python that guests cannot use is a warning, and then an error",
  async () => {
    const launcher = createSeccompLauncher({ python: join(folder, "none") });
    const probe = await launcher.probe();
    expect(probe.languages).toEqual(["javascript"]);
    expect(probe.warnings).toEqual([expect.stringContaining("none cannot be run")]);
    const launch = launcher.launch(EVAL_AGENTS.python, DEFAULT_GUEST_RESOURCES);
    await expect(launch).rejects.toMatchObject({ code: "sandbox_unavailable" });
    await launcher.dispose();
    expect(await remains("seccomp")).toEqual([]);
  },
);

test.skipIf(bubblewrap.reason !== undefined)(
  "a file of an agent cannot be placed outside /guest",
  async () => {
    for (const launcher of [createSeccompLauncher(), createBasicLauncher({ environment: {} })]) {
      for (const name of ["../x", "/../x", "a/../../x", "", ".", "a\0b"]) {
        const agent: GuestAgent = { ...EVAL_AGENTS.javascript, files: { [name]: "x" } };
        const launch = launcher.launch(agent, DEFAULT_GUEST_RESOURCES);
        await expect(launch, name).rejects.toMatchObject({ code: "invalid_params" });
      }
      await launcher.dispose();
      expect(await remains(launcher.name as "seccomp" | "basic")).toEqual([]);
    }
    await expect(access(join(tmpdir(), "x"))).rejects.toMatchObject({ code: "ENOENT" });
  },
);

test("a sweep ends a process that a dead owner's start left behind", async () => {
  const gone = encodeURIComponent(ownerText().replace(/\|\d+$/, "|1"));
  const label = `mcp-optimizer-seccomp.${gone}.0`;
  const left = spawn("/bin/sh", ["-c", "read -r _", label], { stdio: ["pipe", "ignore", "ignore"] });
  const exited = once(left, "exit");
  const launcher = createSeccompLauncher();
  await launcher.sweep();
  expect(await exited).toEqual([null, "SIGKILL"]);
  await launcher.dispose();
});

test.skipIf(!isRoot || bubblewrap.reason !== undefined)(
  "whoever is not root, and may make no cgroups, has the same walls and softer limits",
  async () => {
    const path = fileURLToPath(new URL("unprivileged-process.ts", import.meta.url));
    const args = ["--reuid=12345", "--regid=12345", "--clear-groups", process.execPath];
    const run = promisify(execFile)("setpriv", [...args, "--conditions=@mcp-optimizer/source", path], {
      timeout: 60_000,
    });
    const result = JSON.parse((await run).stdout) as Record<string, { value?: number; end?: object }>;
    expect(result["own"]).toBe(12_345);
    expect(result["probe"]).toMatchObject({
      available: true,
      enforcement: {
        cpuMs: "soft",
        memoryBytes: "soft",
        processes: "soft",
        network: "enforced",
        diskBytes: "enforced",
      },
      warnings: [expect.stringContaining("no cgroup")],
    });
    expect(result["identity"]).toEqual({ value: 65_534 });
    expect(result["bomb"]!.value).toBeGreaterThan(30);
    expect(result["bomb"]!.value).toBeLessThan(51);
    expect(result["memory"]!.end).toMatchObject({ reason: "memory" });
  },
  60_000,
);
