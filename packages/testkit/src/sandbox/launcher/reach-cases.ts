import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { LauncherCase } from "./launcher-case.ts";
import { openReachTargets, type ReachTargets } from "./reach-targets.ts";

const FOLDERS = [
  "/",
  "/etc",
  "/usr",
  "/usr/bin",
  "/lib",
  "/bin",
  "/guest",
  "/var",
  "/var/tmp",
  "/home",
  "/root",
].concat(["/dev", "/dev/shm", "/run", "/mnt", "/opt", "/sys", "/proc", "/sys/fs/cgroup", "/tmp/.."]);

const write = (name: string) => ({
  javascript: `const written = [];
    for (const folder of ${JSON.stringify(FOLDERS)}) {
      try { fs.writeFileSync(folder + "/${name}", "x"); written.push(folder); } catch {}
    }
    for (const path of ["/guest/agent.mjs", "/usr/bin/node", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger"]) {
      try { fs.closeSync(fs.openSync(path, "r+")); written.push(path); } catch {}
    }
    return written;`,
  python: `
result = []
for folder in ${JSON.stringify(FOLDERS)}:
    try:
        open(folder + "/${name}", "w").write("x")
        result.append(folder)
    except OSError: pass
for path in ["/guest/agent.py", "/usr/bin/python3", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger"]:
    try:
        open(path, "r+").close()
        result.append(path)
    except OSError: pass`,
});

const connect = (targets: ReachTargets) => ({
  javascript: `const reached = [];
    const attempt = (name, options) => new Promise((resolve) => {
      let socket;
      try { socket = net.connect(options); } catch { return resolve(); }
      const timer = setTimeout(() => { socket.destroy(); resolve(); }, 1500);
      const end = () => { clearTimeout(timer); socket.destroy(); resolve(); };
      socket.on("connect", () => { reached.push(name); end(); });
      socket.on("error", end);
    });
    for (const one of ${JSON.stringify(targets.tcp)}) await attempt("tcp " + one.host, one);
    for (const path of ${JSON.stringify(targets.unix)}) await attempt("unix " + path, { path });
    await new Promise((resolve) => {
      try {
        const socket = dgram.createSocket("udp4").on("error", resolve);
        socket.send("x", ${targets.udp.port}, "${targets.udp.host}", () => { socket.close(); resolve(); });
      } catch { resolve(); }
    });
    return reached;`,
  python: `
import socket
result = []
def attempt(name, family, kind, address):
    try:
        with socket.socket(family, kind) as one:
            one.settimeout(1.5)
            one.connect(address)
            one.send(b"x")
            if kind == socket.SOCK_STREAM: result.append(name)
    except OSError: pass
for one in ${JSON.stringify(targets.tcp)}: attempt("tcp " + one["host"], socket.AF_INET, socket.SOCK_STREAM, (one["host"], one["port"]))
for path in ${JSON.stringify(targets.unix)}: attempt("unix", socket.AF_UNIX, socket.SOCK_STREAM, path)
attempt("udp", socket.AF_INET, socket.SOCK_DGRAM, ("${targets.udp.host}", ${targets.udp.port}))`,
});

/** All the text that a guest can find about its surroundings. */
const LOOK_AROUND = {
  javascript: `let text = JSON.stringify([process.env, process.argv, process.execArgv]);
    const pids = (() => { try { return fs.readdirSync("/proc").filter((one) => /^[0-9]+$/.test(one)); } catch { return []; } })();
    for (const pid of ["self", ...pids]) for (const file of ["environ", "cmdline", "mountinfo", "cgroup"]) {
      try { text += fs.readFileSync("/proc/" + pid + "/" + file, "utf8"); } catch {}
    }
    return text;`,
  python: `
import os, sys
result = repr([dict(os.environ), sys.argv])
try: pids = [one for one in os.listdir("/proc") if one.isdigit()]
except OSError: pids = []
for pid in ["self", *pids]:
    for file in ["environ", "cmdline", "mountinfo", "cgroup"]:
        try: result += open("/proc/" + pid + "/" + file, errors="replace").read()
        except OSError: pass`,
};

const KILL_ALL = {
  javascript: `for (const pid of [-1, 1]) { try { process.kill(pid, "SIGKILL"); } catch {} } return process.getuid();`,
  python: `
import os
for pid in [-1, 1]:
    try: os.kill(pid, 9)
    except OSError: pass
result = os.getuid()`,
};

/** A guest reaches nothing of the host. */
export const LAUNCHER_REACH_CASES: readonly LauncherCase[] = [
  {
    name: "a guest writes nowhere but in /tmp",
    asksWalls: true,
    run: async ({ open, language }) => {
      const name = `mcp-optimizer-${randomUUID()}`;
      const guest = await open();
      try {
        expect((await guest.ask(write(name)[language])).value).toEqual([]);
        for (const folder of [...FOLDERS, "/tmp"]) {
          await expect(access(join(folder, name)), folder).rejects.toMatchObject({ code: "ENOENT" });
        }
      } finally {
        await Promise.all(
          FOLDERS.map((folder) => rm(join(folder, name), { force: true }).catch(() => undefined)),
        );
      }
    },
  },
  {
    name: "what a guest writes in /tmp is neither on the host nor in another guest",
    asksWalls: true,
    run: async ({ open, language }) => {
      const path = `/tmp/mcp-optimizer-${randomUUID()}`;
      const [one, other] = await Promise.all([open(), open()]);
      const made = {
        javascript: `fs.writeFileSync("${path}", "x")`,
        python: `open("${path}", "w").write("x")`,
      };
      expect(await one.ask(made[language])).toEqual({ value: null });
      const left = await access(path).then(
        () => rm(path).then(() => "on the host"),
        () => undefined,
      );
      expect(left).toBeUndefined();
      const seen = {
        javascript: `return fs.existsSync("${path}")`,
        python: `import os\nresult = os.path.exists("${path}")`,
      };
      expect(await one.ask(seen[language])).toEqual({ value: true });
      expect(await other.ask(seen[language])).toEqual({ value: false });
    },
  },
  {
    name: "a guest reaches no TCP, UDP or Unix socket of the host",
    asksWalls: true,
    run: async ({ open, language }) => {
      const targets = await openReachTargets();
      try {
        const guest = await open();
        expect((await guest.ask(connect(targets)[language])).value).toEqual([]);
        await guest.channel.kill();
        expect(targets.reached()).toEqual([]);
      } finally {
        await targets.close();
      }
    },
  },
  {
    name: "a guest finds no secret and no path of the host",
    asksWalls: true,
    run: async ({ open, language }) => {
      const secret = randomUUID();
      process.env["MCP_OPTIMIZER_TEST_SECRET"] = secret;
      try {
        const guest = await open();
        const { value } = await guest.ask(LOOK_AROUND[language]);
        expect(value).not.toContain(secret);
        expect(value).not.toContain(process.cwd());
        expect(value).not.toContain(process.execPath.replace(/\/[^/]*$/, ""));
      } finally {
        delete process.env["MCP_OPTIMIZER_TEST_SECRET"];
      }
    },
  },
  {
    name: "a guest runs without privileges, and its SIGKILL reaches nobody outside",
    sampled: true,
    run: async ({ open, language }) => {
      const bystander = spawn("sleep", ["600"], { stdio: "ignore" });
      try {
        const [guest, other] = await Promise.all([open(), open()]);
        const { value, end } = await guest.ask(KILL_ALL[language]);
        expect(end === undefined ? value : 65_534).not.toBe(0);
        expect(await other.ask({ javascript: "return 1", python: "result = 1" }[language])).toEqual({
          value: 1,
        });
        await Promise.all([guest.channel.kill(), other.channel.kill()]);
        expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
      } finally {
        bystander.kill("SIGKILL");
      }
    },
  },
];
