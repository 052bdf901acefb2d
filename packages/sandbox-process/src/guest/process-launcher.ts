import { OptimizerError, type Log, type GuestResources } from "@mcp-optimizer/contracts";
import {
  checkResources,
  DEFAULT_GUEST_RESOURCES,
  NOTHING_ENFORCED,
  isOwnerGone,
  type GuestAgent,
  type GuestChannel,
  type GuestLauncher,
  type LauncherProbe,
} from "@mcp-optimizer/sandbox-guest";
import { lstat, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CgroupTree, GuestCgroup } from "../cgroup/guest-cgroup.ts";
import { labelOwner, labelPrefix, newGuestLabel } from "./guest-label.ts";
import type { GuestUsers } from "./guest-user.ts";
import { inheritedDescriptors } from "./inherited-descriptors.ts";
import { killProcesses } from "./kill-processes.ts";
import { limitedCommand } from "./limited-command.ts";
import { ProcessChannel } from "./process-channel.ts";
import type { KindCheck, ProcessKind } from "./process-kind.ts";
import { startProcess } from "./started-process.ts";

/** What a launcher of processes needs. */
export interface ProcessLauncherOptions {
  readonly kind: ProcessKind;
  readonly users: GuestUsers;
  /** Processors that one guest may keep busy. */
  readonly cpus: number;
  /** `undefined` where cgroups are not to be used, or cannot be made. */
  readonly openCgroups: () => Promise<CgroupTree | undefined>;
  readonly log: Log;
}

/** Starts every guest in processes of its own on this machine. */
export class ProcessLauncher implements GuestLauncher {
  readonly name: string;
  readonly #options: ProcessLauncherOptions;
  readonly #live = new Set<GuestChannel>();
  readonly #launching = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #inherited: Promise<readonly number[]> | undefined;
  #cgroups: Promise<CgroupTree | undefined> | undefined;
  #ready: Promise<KindCheck> | undefined;

  constructor(options: ProcessLauncherOptions) {
    this.#options = options;
    this.name = options.kind.name;
  }

  /** Starts a guest that ends at once: a list of components does not tell whether the kernel lets them work. */
  async probe(): Promise<LauncherProbe> {
    try {
      const { versions, languages, warnings } = await this.#check();
      const tree = await this.#tree();
      const held = tree ? "enforced" : "soft";
      return {
        available: true,
        versions: { ...versions, ...(tree && { cgroup: `v${tree.version}` }) },
        languages,
        warnings: [...warnings, ...cgroupWarnings(tree)],
        enforcement: {
          cpuMs: tree?.countsCpu ? held : "soft",
          memoryBytes: held,
          processes: tree ? held : this.#options.users.exclusive || this.name === "seccomp" ? "soft" : "none",
          fileHandles: "enforced",
          ...this.#options.kind.enforcement,
        },
      };
    } catch (error) {
      this.#options.log({ level: "warn", message: `${this.name}: not available`, cause: error });
      const reason = OptimizerError.is(error) ? error.message : "the probe failed; the log says why";
      return {
        available: false,
        reason,
        versions: {},
        languages: [],
        warnings: [],
        enforcement: NOTHING_ENFORCED,
      };
    }
  }

  async launch(agent: GuestAgent, resources: GuestResources, signal?: AbortSignal): Promise<GuestChannel> {
    if (this.#closing.signal.aborted) throw new OptimizerError("shutting_down");
    if (signal?.aborted) throw new OptimizerError("cancelled");
    checkResources(resources);
    const stop = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    const launched = this.#check().then(() => this.#start(agent, resources, stop));
    this.#launching.add(launched);
    try {
      return await launched;
    } catch (error) {
      if (signal?.aborted) throw new OptimizerError("cancelled", { cause: error });
      if (this.#closing.signal.aborted) throw new OptimizerError("shutting_down", { cause: error });
      this.#options.log({ level: "error", message: `${this.name}: no guest could be started`, cause: error });
      if (OptimizerError.is(error)) throw error;
      throw new OptimizerError("sandbox_unavailable", { detail: "the log says why", cause: error });
    } finally {
      this.#launching.delete(launched);
    }
  }

  async sweep(): Promise<void> {
    const { kind } = this.#options;
    const gone = (label: string): boolean => {
      const owner = labelOwner(kind.name, label);
      return owner !== undefined && isOwnerGone(owner, 0, Number.POSITIVE_INFINITY);
    };
    await killProcesses(() => kind.labelled(gone));
    const cgroups = (await (await this.#tree())?.find(labelPrefix(kind.name))) ?? [];
    await Promise.all(cgroups.filter(({ name }) => gone(name)).map((cgroup) => cgroup.remove()));
    const files = (await readdir(tmpdir())).filter(gone).map((name) => join(tmpdir(), name));
    await Promise.all(files.map(removeOwn));
  }

  async dispose(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#launching);
    const ends = await Promise.allSettled([...this.#live].map((channel) => channel.kill()));
    await this.#ready?.catch(() => undefined);
    await this.#options.kind.dispose();
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  #tree(): Promise<CgroupTree | undefined> {
    this.#cgroups ??= this.#options.openCgroups();
    return this.#cgroups;
  }

  /** Checks once; after a failure, again the next time. */
  #check(): Promise<KindCheck> {
    this.#ready ??= this.#tryOut().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  async #tryOut(): Promise<KindCheck> {
    const checked = await this.#options.kind.check();
    const agent: GuestAgent = { language: "javascript", command: ["node", "--version"], files: {} };
    const guest = await this.#start(agent, DEFAULT_GUEST_RESOURCES, this.#closing.signal);
    guest.output.resume();
    const { reason, detail } = await guest.ended;
    await guest.kill();
    if (reason === "exited" && detail.startsWith("exit code 0")) return checked;
    throw new OptimizerError("sandbox_unavailable", {
      detail: `Node does not run in a guest of "${this.name}"; the log says why`,
      cause: new Error(detail),
    });
  }

  async #start(agent: GuestAgent, resources: GuestResources, stop: AbortSignal): Promise<GuestChannel> {
    const { kind, users } = this.#options;
    const tree = await this.#tree();
    const label = newGuestLabel(kind.name);
    const user = users.take();
    const undo: (() => unknown)[] = [() => user?.release()];
    try {
      const making = this.#makeCgroup(tree, label, resources);
      // It may fail before it is awaited: unheard, that would end our own process.
      making.catch(() => undefined);
      undo.unshift(() => making.then((made) => made?.remove()).catch(() => undefined));
      const plan = { agent, resources, label, uid: user?.uid, cgroup: tree !== undefined };
      const guest = await kind.command(plan);
      undo.unshift(() => guest.gone());
      undo.unshift(() => guest.started());
      const cgroup = await making;
      const argv = limitedCommand({
        command: guest.command,
        resources,
        joinFiles: cgroup?.joinFiles ?? [],
        uid: user?.uid,
        userTasks: guest.userTasks,
        fileBytes: guest.fileBytes,
      });
      const list = (): Promise<readonly number[]> => kind.labelled((one) => one === label);
      const inherited = await (this.#inherited ??= inheritedDescriptors());
      const started = await startProcess({ argv, guest, label, uid: user?.uid, stop, inherited, list });
      return this.#keep(
        new ProcessChannel({
          guest: started,
          resources,
          cgroup,
          cpus: tree?.cpus ?? this.#options.cpus,
          list: () => kind.processes(started),
          gone: async () => {
            await guest.gone();
            user?.release();
          },
        }),
      );
    } catch (error) {
      for (const step of undo) await step();
      throw error;
    }
  }

  async #makeCgroup(
    tree: CgroupTree | undefined,
    label: string,
    resources: GuestResources,
  ): Promise<GuestCgroup | undefined> {
    const tasks = resources.processes + this.#options.kind.supervisors;
    return tree?.create(label, { memoryBytes: resources.memoryBytes, tasks, cpus: this.#options.cpus });
  }

  #keep(channel: GuestChannel): GuestChannel {
    this.#live.add(channel);
    void channel.ended
      .then(() => channel.kill())
      .finally(() => this.#live.delete(channel))
      .catch(() => undefined);
    return channel;
  }
}

function cgroupWarnings(tree: CgroupTree | undefined): readonly string[] {
  if (!tree) return ["no cgroup can be made: memory, CPU time and processes are watched, not held"];
  return [
    ...(tree.countsCpu
      ? []
      : ["no cgroup counts CPU time (cpuacct may not be written): that of ended processes is not seen"]),
    ...(tree.limitsSwap ? [] : ["the kernel does not account swap: a guest may swap out beyond its memory"]),
  ];
}

/** Removes what is ours: in a folder for everybody, another user can take any name, and could swap what is below it meanwhile. */
async function removeOwn(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.uid === process.getuid?.()) await rm(path, { recursive: true, force: true });
}
