import { OptimizerError, type Log } from "@mcp-optimizer/contracts";
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { release, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { agentFiles } from "../guest/agent-files.ts";
import type { GuestCommand, GuestPlan, KindCheck, ProcessKind } from "../guest/process-kind.ts";
import { listProcesses } from "../guest/process-table.ts";
import type { StartedProcess } from "../guest/started-process.ts";
import type { GuestRuntimes } from "../runtime/guest-runtimes.ts";
import { requireLimitTools } from "../runtime/require-limit-tools.ts";

const WARNING =
  '"basic" is no sandbox: its guests read and write what their user may, and reach the network. Use it for development only';
const LABEL_VARIABLE = "MCP_OPTIMIZER_GUEST";

/** What guests without walls need. */
export interface BasicKindOptions {
  readonly runtimes: GuestRuntimes;
  /** Whether `NODE_ENV` is `production` and nobody has insisted. */
  readonly refused: boolean;
  /** Whether each guest has a user of its own. */
  readonly ownUser: boolean;
  readonly log: Log;
}

/** Guests in plain child processes with limits. */
export class BasicKind implements ProcessKind {
  readonly name = "basic";
  readonly supervisors = 0;
  readonly enforcement = { diskBytes: "none", network: "none", filesystem: "none" } as const;
  readonly #options: BasicKindOptions;

  constructor(options: BasicKindOptions) {
    this.#options = options;
  }

  async check(): Promise<KindCheck> {
    if (this.#options.refused) {
      throw new OptimizerError("sandbox_unavailable", {
        detail:
          '"basic" does not start when NODE_ENV is "production"; choose another sandbox, or set `force`',
      });
    }
    if (process.platform !== "linux") {
      throw new OptimizerError("sandbox_unavailable", {
        detail: `"basic" needs Linux; this is ${process.platform}`,
      });
    }
    await requireLimitTools();
    this.#options.log({ level: "warn", message: WARNING });
    const { versions, languages, warnings } = await this.#options.runtimes.describe();
    return { versions: { linux: release(), ...versions }, languages, warnings: [WARNING, ...warnings] };
  }

  async command({ agent, resources, label, uid, cgroup }: GuestPlan): Promise<GuestCommand> {
    const runtime = await this.#options.runtimes.of(agent.language);
    const folder = join(tmpdir(), label);
    const gone = (): Promise<void> => rm(folder, { recursive: true, force: true });
    // Not one that is there already: another user may have made it, with links of his own in it.
    await mkdir(folder, { mode: 0o700 });
    try {
      await this.#writeFiles(folder, agentFiles(agent.files), uid);
    } catch (error) {
      await gone();
      throw error;
    }
    const interpreter = agent.language === "javascript" ? "node" : "python3";
    const [first, ...rest] = agent.command;
    return {
      command: [
        first === interpreter ? runtime.executable : first!,
        ...rest.map((word) => (word.startsWith("/guest/") ? join(folder, word) : word)),
      ],
      environment: {
        HOME: join(folder, "tmp"),
        TMPDIR: join(folder, "tmp"),
        LANG: "C.UTF-8",
        TZ: "UTC",
        [LABEL_VARIABLE]: label,
      },
      descriptors: [],
      statusDescriptor: undefined,
      fileBytes: resources.diskBytes,
      userTasks: !cgroup && this.#options.ownUser ? resources.processes : undefined,
      started: () => Promise.resolve(),
      gone,
    };
  }

  async processes({ pid, label, uid }: StartedProcess): Promise<readonly number[]> {
    const found: number[] = [];
    for (const entry of await listProcesses()) {
      const own =
        entry.group === pid ||
        entry.session === pid ||
        (uid !== undefined && this.#options.ownUser && (await userOf(entry.pid)) === uid) ||
        (await labelOf(entry.pid)) === label;
      if (own) found.push(entry.pid);
    }
    return found;
  }

  async labelled(test: (label: string) => boolean): Promise<readonly number[]> {
    const found: number[] = [];
    for (const { pid } of await listProcesses()) {
      const label = await labelOf(pid);
      if (label !== undefined && test(label)) found.push(pid);
    }
    return found;
  }

  dispose(): Promise<void> {
    return this.#options.runtimes.dispose();
  }

  async #writeFiles(
    folder: string,
    files: readonly [path: string, content: string | Uint8Array][],
    uid: number | undefined,
  ): Promise<void> {
    await mkdir(join(folder, "guest"));
    await mkdir(join(folder, "tmp"), { mode: 0o700 });
    await chmod(folder, 0o755);
    if (uid !== undefined) await chown(join(folder, "tmp"), uid, uid);
    for (const [path, content] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content, { mode: 0o444 });
    }
  }
}

async function labelOf(pid: number): Promise<string | undefined> {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return environment
    .split("\0")
    .find((entry) => entry.startsWith(`${LABEL_VARIABLE}=`))
    ?.slice(LABEL_VARIABLE.length + 1);
}

async function userOf(pid: number): Promise<number | undefined> {
  return stat(`/proc/${pid}`).then(
    ({ uid }) => uid,
    () => undefined,
  );
}
