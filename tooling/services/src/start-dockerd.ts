import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { ensureDebianPackages } from "./ensure-debian-packages.ts";
import { isAlive } from "./is-alive.ts";
import { removeDockerdRemains } from "./remove-dockerd-remains.ts";

const PREFIX = "mcp-optimizer-dockerd-";
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;
const TAIL_LINES = 30;

/** Runtimes beside runc, as in daemon.json. */
export type DockerdRuntimes = Readonly<
  Record<string, { readonly path: string; readonly runtimeArgs: readonly string[] }>
>;

/** A Docker daemon of its own, without network, that nobody else uses. */
export interface PrivateDockerd {
  readonly socketPath: string;
  /** Ends the daemon with SIGKILL, as a crash would. Its containers may go on. */
  crash(): Promise<void>;
  /** Starts it again on the same data, with other runtimes where they are given. */
  restart(runtimes?: DockerdRuntimes): Promise<void>;
  /** Ends the daemon and all its containers, and removes its files, mounts and cgroups. Idempotent. */
  stop(): Promise<void>;
}

/** What a private daemon is given. */
export interface DockerdOptions {
  /** Size of its disk, in bytes. Default: what the machine has. */
  readonly diskBytes?: number;
}

/**
 * Starts Debian's dockerd on a private socket with `runsc` as a second runtime, and waits until it answers. Needs root. Installs the
 * packages where it may. Removes first what a dead process left of its own.
 */
export async function startDockerd(options: DockerdOptions = {}): Promise<PrivateDockerd> {
  if (process.getuid?.() !== 0) throw new Error("A private Docker daemon needs root.");
  await ensureDebianPackages(["docker.io", "runsc"]);
  await removeOrphans();
  const name = `${PREFIX}${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const root = join(tmpdir(), name);
  await mkdir(root, { mode: 0o700 });
  const configure = (runtimes: DockerdRuntimes) =>
    writeFile(join(root, "daemon.json"), JSON.stringify({ runtimes }));
  await configure({ runsc: RUNSC });
  if (options.diskBytes !== undefined) await mountDisk(join(root, "data"), options.diskBytes);
  let daemon = await launch(root, name);
  return {
    socketPath: join(root, "docker.sock"),
    crash: () => end(daemon, "SIGKILL"),
    restart: async (runtimes) => {
      await end(daemon, "SIGTERM");
      if (runtimes !== undefined) await configure(runtimes);
      // After a crash, dockerd takes a containerd that nobody has reaped for a running one.
      await rm(join(root, "exec/containerd/containerd.pid"), { force: true });
      daemon = await launch(root, name);
    },
    stop: async () => {
      await end(daemon, "SIGTERM");
      await removeDockerdRemains(root, name);
    },
  };
}

// With --ignore-cgroups, runsc would hold neither the memory nor the process limit.
const RUNSC = { path: "/usr/bin/runsc", runtimeArgs: ["--network=none", "--platform=ptrace"] };

async function mountDisk(path: string, bytes: number): Promise<void> {
  await mkdir(path);
  await promisify(execFile)("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", path]);
}

async function launch(root: string, name: string): Promise<ChildProcess> {
  const options = {
    "config-file": join(root, "daemon.json"),
    host: `unix://${join(root, "docker.sock")}`,
    "data-root": join(root, "data"),
    "exec-root": join(root, "exec"),
    pidfile: join(root, "docker.pid"),
    bridge: "none",
    iptables: "false",
    ip6tables: "false",
    "cgroup-parent": `/${name}`,
    "containerd-namespace": name,
    "exec-opt": "native.cgroupdriver=cgroupfs",
  };
  const args = Object.entries(options).map(([option, value]) => `--${option}=${value}`);
  const daemon = spawn("dockerd", args, { stdio: ["ignore", "ignore", "pipe"] });
  const tail: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`dockerd ${why}:\n${tail.join("\n")}`));
      timer = setTimeout(() => fail("did not start in time"), START_LIMIT_MS);
      daemon.once("error", (error) => fail(error.message));
      daemon.once("exit", () => fail("ended"));
      createInterface({ input: daemon.stderr }).on("line", (line) => {
        tail.push(line);
        if (tail.length > TAIL_LINES) tail.shift();
        if (line.includes("API listen on")) resolve();
      });
    });
    return daemon;
  } catch (error) {
    daemon.kill("SIGKILL");
    await removeDockerdRemains(root, name);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function end(daemon: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const exited = once(daemon, "exit");
  const timer = setTimeout(() => daemon.kill("SIGKILL"), STOP_LIMIT_MS);
  daemon.kill(signal);
  await exited;
  clearTimeout(timer);
}

async function removeOrphans(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split("-")[0]) : Number.NaN;
    if (Number.isNaN(pid) || (await isAlive(pid))) continue;
    await removeDockerdRemains(join(tmpdir(), name), name);
  }
}
