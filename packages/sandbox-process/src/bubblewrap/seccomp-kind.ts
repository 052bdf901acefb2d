import { OptimizerError } from "@mcp-optimizer/contracts";
import { readFile, type FileHandle } from "node:fs/promises";
import { release } from "node:os";
import { agentFiles } from "../guest/agent-files.ts";
import { labelPrefix, newGuestLabel } from "../guest/guest-label.ts";
import { openInputFile } from "../guest/input-file.ts";
import type { GuestCommand, GuestPlan, KindCheck, ProcessKind } from "../guest/process-kind.ts";
import { familyOf, listProcesses } from "../guest/process-table.ts";
import type { StartedProcess } from "../guest/started-process.ts";
import type { GuestRuntimes } from "../runtime/guest-runtimes.ts";
import { requireLimitTools } from "../runtime/require-limit-tools.ts";
import { buildSeccompFilter } from "../seccomp/build-seccomp-filter.ts";
import type { SeccompArchitecture } from "../seccomp/syscall-verdicts.ts";
import { bubblewrapArguments, SYSTEM_FILES } from "./bubblewrap-arguments.ts";
import { bubblewrapVersion } from "./bubblewrap-version.ts";

const ENVIRONMENT = { HOME: "/tmp", LANG: "C.UTF-8", PATH: "/usr/bin", TZ: "UTC" };
/** Of the memory, what Node's heap may take where nothing but Node itself holds it. */
const HEAP_SHARE = 0.75;
const MIB = 1024 * 1024;
const FIRST_DESCRIPTOR = 3;

/** What guests behind bubblewrap need. */
export interface SeccompKindOptions {
  readonly bubblewrap: string;
  readonly runtimes: GuestRuntimes;
}

/** Guests in namespaces of their own, behind a filter of system calls. */
export class SeccompKind implements ProcessKind {
  readonly name = "seccomp";
  /** Bubblewrap outside, and its first process inside. */
  readonly supervisors = 2;
  readonly enforcement = { diskBytes: "enforced", network: "enforced", filesystem: "enforced" } as const;
  readonly #options: SeccompKindOptions;

  constructor(options: SeccompKindOptions) {
    this.#options = options;
  }

  async check(): Promise<KindCheck> {
    architecture();
    const bubblewrap = await bubblewrapVersion(this.#options.bubblewrap);
    await requireLimitTools();
    const { versions, languages, warnings } = await this.#options.runtimes.describe();
    return { versions: { bubblewrap, linux: release(), ...versions }, languages, warnings };
  }

  async command({ agent, resources, label, cgroup }: GuestPlan): Promise<GuestCommand> {
    const runtime = await this.#options.runtimes.of(agent.language);
    const handles: FileHandle[] = [];
    const add = async (content: string | Uint8Array): Promise<number> => {
      handles.push(await openInputFile(newGuestLabel(this.name), content));
      return FIRST_DESCRIPTOR + handles.length - 1;
    };
    const close = async (): Promise<void> =>
      void (await Promise.all(handles.map((handle) => handle.close())));
    try {
      const filterDescriptor = await add(buildSeccompFilter(architecture()));
      const files = [];
      for (const [path, content] of [...Object.entries(SYSTEM_FILES), ...agentFiles(agent.files)]) {
        files.push({ descriptor: await add(content), path });
      }
      const statusDescriptor = FIRST_DESCRIPTOR + handles.length + 1;
      const heap = `--max-old-space-size=${Math.ceil((resources.memoryBytes * HEAP_SHARE) / MIB)}`;
      const options = bubblewrapArguments({
        runtimes: cgroup ? [runtime] : [runtime, await this.#options.runtimes.prlimit()],
        resources,
        environment:
          cgroup || agent.language !== "javascript" ? ENVIRONMENT : { ...ENVIRONMENT, NODE_OPTIONS: heap },
        files,
        filterDescriptor,
        statusDescriptor,
      });
      const argumentDescriptor = await add(options.map((option) => `${option}\0`).join(""));
      return {
        // Unsetting a variable that is not set does nothing: the label is for whoever looks at the command line.
        command: [
          this.#options.bubblewrap,
          "--unsetenv",
          label,
          "--args",
          String(argumentDescriptor),
          "--",
        ].concat(cgroup ? agent.command : [...countTasks(resources.processes), ...agent.command]),
        environment: {},
        descriptors: [...handles.map(({ fd }) => fd), "pipe"],
        statusDescriptor,
        fileBytes: undefined,
        userTasks: undefined,
        started: close,
        gone: () => Promise.resolve(),
      };
    } catch (error) {
      await close();
      throw error;
    }
  }

  async processes({ init }: StartedProcess): Promise<readonly number[]> {
    if (init === undefined) return [];
    const family = familyOf(init.pid, await listProcesses());
    return family[0]?.startedAt === init.startedAt ? family.map(({ pid }) => pid) : [];
  }

  async labelled(test: (label: string) => boolean): Promise<readonly number[]> {
    const found: number[] = [];
    for (const { pid } of await listProcesses()) {
      const words = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
      const label = words.find((word) => word.startsWith(labelPrefix(this.name)));
      if (label !== undefined && test(label)) found.push(pid);
    }
    return found;
  }

  dispose(): Promise<void> {
    return this.#options.runtimes.dispose();
  }
}

/** Set inside the guest's user namespace, the limit counts the tasks in it alone; its first process is one. */
function countTasks(processes: number): string[] {
  return ["prlimit", `--nproc=${processes + 1}`, "--"];
}

function architecture(): SeccompArchitecture {
  const { platform, arch } = process;
  if (platform === "linux" && (arch === "x64" || arch === "arm64")) return arch;
  throw new OptimizerError("sandbox_unavailable", {
    detail: `"seccomp" needs Linux on x64 or arm64; this is ${platform} on ${arch}`,
  });
}
