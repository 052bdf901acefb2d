import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OptimizerError, type GuestResources } from "@mcp-optimizer/contracts";
import type { GuestAgent, GuestChannel } from "@mcp-optimizer/sandbox-guest";
import { abortable } from "../host/abortable.ts";
import { CpuBudget } from "../host/cpu-budget.ts";
import { createRunFolder, openMachineFolder, type RunFolder } from "../host/run-folder.ts";
import { bootArchive } from "../image/boot-archive.ts";
import { buildGuestImage, type GuestImage } from "../image/guest-image.ts";
import { readKernelModules, type KernelModule } from "../image/kernel-modules.ts";
import type { Machine, MachineSpec, Vmm } from "../vmm/vmm.ts";
import { collectOutput } from "./collect-output.ts";
import { describeEnd, GuestControl } from "./guest-control.ts";
import { GuestTemplates, templateKey, type GuestTemplate } from "./guest-templates.ts";
import { machineChannel } from "./machine-channel.ts";
import { probeParts, type MachineParts } from "./machine-parts.ts";

const MIB = 1024 * 1024;
/** The guest's kernel, and the language's runtime itself, live beside the memory that the agent may use. */
const KERNEL_MIB = 288;

interface Prepared {
  readonly image: GuestImage;
  readonly kernel: string;
  readonly modules: readonly KernelModule[];
  readonly folder: RunFolder;
}

interface Ready {
  readonly machine: Machine;
  readonly control: GuestControl;
}

/** Makes machines with an agent that waits for work. */
export class MachineFactory {
  readonly #vmm: Vmm;
  readonly #parts: MachineParts;
  readonly #templates = new GuestTemplates();
  #prepared: Promise<Prepared> | undefined;

  constructor(vmm: Vmm, parts: MachineParts) {
    this.#vmm = vmm;
    this.#parts = parts;
  }

  /** Rejects with a reason that is not yet fit for the caller; nothing is left then. */
  async create(wanted: GuestAgent, resources: GuestResources, signal: AbortSignal): Promise<GuestChannel> {
    const agent = this.#suited(wanted);
    this.#prepared ??= this.#prepare();
    const prepared = await abortable(this.#prepared, signal).catch((error: unknown) => {
      if (!signal.aborted) this.#prepared = undefined;
      throw error;
    });
    if (!prepared.image.programs[agent.language]) {
      throw new OptimizerError("sandbox_unavailable", {
        detail: `no ${agent.language} is in the guest's image`,
      });
    }
    const { spec, remove } = await this.#spec(prepared, agent, resources);
    try {
      const { machine, control } = await this.#start(prepared, spec, agent, resources, signal);
      const budget = new CpuBudget(machine.pid, spec.user, resources.cpuMs);
      const close = once(async () => {
        await machine.kill();
        await remove();
      });
      return machineChannel({ machine, control, budget, close });
    } catch (error) {
      await remove();
      throw error;
    }
  }

  #suited(agent: GuestAgent): GuestAgent {
    const [command, ...rest] = agent.command;
    return command === "node" ? { ...agent, command: [command, ...this.#vmm.nodeArguments, ...rest] } : agent;
  }

  async dispose(): Promise<void> {
    const prepared = await this.#prepared?.catch(() => undefined);
    await prepared?.folder.remove();
  }

  async #prepare(): Promise<Prepared> {
    const { kernel, runFolder } = this.#parts;
    const monitor = await this.#vmm.probe();
    const reason = monitor.available ? (await probeParts(this.#parts)).reason : monitor.reason;
    if (reason !== undefined || !kernel) throw new OptimizerError("sandbox_unavailable", { detail: reason });
    const image = await buildGuestImage(this.#parts);
    const modules =
      kernel.modules === undefined ? [] : await readKernelModules(kernel.modules, this.#vmm.modules);
    return { image, kernel: kernel.image, modules, folder: await createRunFolder(runFolder) };
  }

  async #spec(
    { image, kernel, modules, folder: runFolder }: Prepared,
    agent: GuestAgent,
    resources: GuestResources,
  ): Promise<{ spec: MachineSpec; remove: () => Promise<void> }> {
    const programs = image.programs[agent.language] ?? [];
    const archive = bootArchive({
      init: image.init,
      modules,
      channel: this.#vmm.channel,
      programs,
      agent,
      resources,
    });
    const memoryMib = Math.ceil((resources.memoryBytes + archive.length) / MIB) + KERNEL_MIB;
    const { user, release } = this.#parts.users.take();
    let folder: string | undefined;
    const remove = async (): Promise<void> => {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      // Whoever gets the user next finds nothing of this machine.
      release();
    };
    try {
      const made = await runFolder.createMachineFolder();
      ({ folder } = made);
      const initrd = join(folder, "initrd");
      await writeFile(initrd, archive, { mode: 0o644, flag: "wx" });
      await openMachineFolder(folder, user, this.#vmm.folderAccess);
      const { drive, openReadOnly } = image;
      return { spec: { ...made, kernel, initrd, drive, openReadOnly, memoryMib, user }, remove };
    } catch (error) {
      await remove();
      throw error;
    }
  }

  async #start(
    prepared: Prepared,
    spec: MachineSpec,
    agent: GuestAgent,
    resources: GuestResources,
    signal: AbortSignal,
  ): Promise<Ready> {
    if (!this.#parts.copies || !agent.clonable || !this.#vmm.capture) {
      return await ready(await this.#vmm.start(spec, signal), signal, (control) => control.idle());
    }
    const capture = (): Promise<GuestTemplate> => this.#capture(prepared, agent, resources, signal);
    return await this.#templates.use(
      templateKey(agent, resources),
      capture,
      async ({ machine: template, written }) => {
        const started = await ready(await template.restore(spec, signal), signal, (control) =>
          control.refresh(Date.now()),
        );
        if (written.length > 0) started.machine.output.unshift(written);
        return started;
      },
    );
  }

  async #capture(
    prepared: Prepared,
    agent: GuestAgent,
    resources: GuestResources,
    signal: AbortSignal,
  ): Promise<GuestTemplate> {
    const { spec, remove } = await this.#spec(prepared, agent, resources);
    try {
      let written: Promise<Buffer> | undefined;
      const machine = await this.#vmm.capture!(
        spec,
        async (original) => {
          written = collectOutput(original);
          const { control } = await ready(original, signal, (one) => one.idle());
          if (control.end) throw new Error(`the agent ended at once: ${describeEnd(control.end)}`);
        },
        signal,
      );
      return { machine, written: (await written) ?? Buffer.alloc(0), remove };
    } catch (error) {
      await remove();
      throw error;
    }
  }
}

/** Waits until a machine is ready; ends it when that fails. */
async function ready(
  machine: Machine,
  signal: AbortSignal,
  wait: (control: GuestControl) => Promise<void>,
): Promise<Ready> {
  const control = new GuestControl(machine);
  try {
    await abortable(wait(control), signal);
    return { machine, control };
  } catch (error) {
    await machine.kill();
    throw error;
  }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}
