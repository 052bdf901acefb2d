import { OptimizerError } from "@mcp-optimizer/contracts";
import { readFile } from "node:fs/promises";
import { release } from "node:os";
import { agentFiles } from "../guest/agent-files.ts";
import { labelPrefix, newGuestLabel } from "../guest/guest-label.ts";
import { closeInputs, InputFiles } from "../guest/input-files.ts";
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
  readonly #inputs = new InputFiles(() => newGuestLabel("seccomp"));
  #built: Uint8Array | undefined;

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
    const files = [...Object.entries(SYSTEM_FILES), ...agentFiles(agent.files)];
    const filterDescriptor = FIRST_DESCRIPTOR;
    const argumentDescriptor = filterDescriptor + 1;
    const firstFile = argumentDescriptor + 1;
    const statusDescriptor = firstFile + files.length;
    const heap = `--max-old-space-size=${Math.ceil((resources.memoryBytes * HEAP_SHARE) / MIB)}`;
    const options = bubblewrapArguments({
      runtimes: cgroup ? [runtime] : [runtime, await this.#options.runtimes.prlimit()],
      resources,
      environment:
        cgroup || agent.language !== "javascript" ? ENVIRONMENT : { ...ENVIRONMENT, NODE_OPTIONS: heap },
      files: files.map(([path], index) => ({ descriptor: firstFile + index, path })),
      filterDescriptor,
      statusDescriptor,
    });
    const inputs = await this.#inputs.open([
      this.#filter(),
      options.map((option) => `${option}\0`).join(""),
      ...files.map(([, content]) => content),
    ]);
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
      descriptors: [...inputs, "pipe"],
      statusDescriptor,
      fileBytes: undefined,
      userTasks: undefined,
      started: () => Promise.resolve(closeInputs(inputs.splice(0))),
      gone: () => Promise.resolve(),
    };
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

  async dispose(): Promise<void> {
    await this.#inputs.dispose();
    await this.#options.runtimes.dispose();
  }

  #filter(): Uint8Array {
    this.#built ??= buildSeccompFilter(architecture());
    return this.#built;
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
