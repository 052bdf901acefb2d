import { DEFAULT_GUEST_RESOURCES, type GuestAgent } from "@mcp-optimizer/sandbox-guest";
import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { createSeccompLauncher } from "../src/index.ts";

const packages = await orReason(() => ensureDebianPackages(["bubblewrap", "gcc", "libc6-dev"]));
const launcher = createSeccompLauncher();
afterAll(() => launcher.dispose());

const RUN = `
fs.copyFileSync("/guest/probe", "/tmp/probe");
fs.chmodSync("/tmp/probe", 0o755);
process.stdout.write(require("node:child_process").execFileSync("/tmp/probe"));
`;

async function compile(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-probe-"));
  try {
    const source = fileURLToPath(new URL("syscall-probe.c", import.meta.url));
    const target = join(folder, "probe");
    await promisify(execFile)("gcc", ["-static", "-O1", "-o", target, source], { timeout: 60_000 });
    return await readFile(target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test.skipIf(packages.reason !== undefined)(
  `a native program gets nothing out of the kernel ${packages.reason ?? ""}`,
  async () => {
    const agent: GuestAgent = {
      language: "javascript",
      command: ["node", "-e", RUN],
      files: { probe: await compile() },
    };
    const guest = await launcher.launch(agent, DEFAULT_GUEST_RESOURCES);
    let text = "";
    for await (const chunk of guest.output) text += String(chunk);
    expect(text, (await guest.ended).detail).toMatch(/^\{/);
    const ends = JSON.parse(text) as Record<string, string>;

    const ok = Object.keys(ends).filter((name) => ends[name] === "ok");
    expect(ok.sort()).toEqual(["FIONREAD", "PR_SET_NAME", "pair of streams", "send on a pair"]);
    const { descriptors, core, "no new privileges": noNewPrivileges } = ends;
    expect({ descriptors, core, noNewPrivileges }).toEqual({
      descriptors: "0",
      core: "1",
      noNewPrivileges: "1",
    });

    const killed = Object.keys(ends).filter((name) => ends[name] === "Bad system call");
    expect(killed.sort()).toEqual(process.arch === "x64" ? ["getpid of i386", "getpid of x32"] : []);
    for (const name of ["clone3", "io_uring_setup", "pidfd_open", "fsopen", "open_tree", "memfd_secret"]) {
      expect([name, ends[name]]).toEqual([name, "ENOSYS"]);
    }
    for (const name of [
      "socket of the internet",
      "socket of unix",
      "socket of netlink",
      "socket of vsock",
      "connect",
    ]) {
      expect([name, ends[name]]).toEqual([name, "EACCES"]);
    }
    for (const name of [
      "mount",
      "unshare",
      "setns",
      "ptrace",
      "bpf",
      "keyctl",
      "userfaultfd",
      "perf_event_open",
    ]) {
      expect([name, ends[name]]).toEqual([name, "EPERM"]);
    }
    expect(Object.keys(ends).length).toBeGreaterThan(70);
  },
  120_000,
);
