import { OptimizerError } from "@mcp-optimizer/contracts";
import type { GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { createFirecrackerVmm } from "./firecracker/firecracker-vmm.ts";
import type { JailerOptions } from "./firecracker/jailer-arguments.ts";
import { createVmLauncher } from "./launcher/vm-launcher.ts";
import { createQemuVmm } from "./qemu/qemu-vmm.ts";
import { machineParts, type VmLauncherOptions } from "./vm-launcher-options.ts";

/** Options of {@link createFirecrackerLauncher}. */
export interface FirecrackerLauncherOptions extends VmLauncherOptions {
  /**
   * What runs the machines. `firecracker` needs KVM; `qemu` emulates the processor, needs neither KVM nor rights, and is many times
   * slower. Neither stands in for the other. Default `firecracker`.
   */
  readonly vmm?: "firecracker" | "qemu";
  /** Its program: a path, or a name to look for in PATH. Default `/usr/bin/firecracker`, or `qemu-system-x86_64`. */
  readonly program?: string;
  /** Runs Firecracker by its jailer; needs root. Default: without it. */
  readonly jailer?: JailerOptions;
  /** Firecracker's way to KVM. Default `/dev/kvm`. */
  readonly kvmDevice?: string;
}

/** Launches guests in micro-VMs. Nothing is started yet. Throws `config_invalid` when the options contradict each other. */
export function createFirecrackerLauncher(options: FirecrackerLauncherOptions = {}): GuestLauncher {
  const { vmm = "firecracker", jailer, kvmDevice = "/dev/kvm" } = options;
  const parts = machineParts(options);
  if (vmm === "qemu") {
    if (jailer) throw invalid("the jailer runs Firecracker only; remove it, or choose vmm: firecracker");
    return createVmLauncher(createQemuVmm({ program: options.program ?? "qemu-system-x86_64" }), parts);
  }
  const { users } = parts;
  if (jailer && process.getuid?.() !== 0) throw invalid("the jailer needs root");
  const program = options.program ?? "/usr/bin/firecracker";
  return createVmLauncher(createFirecrackerVmm({ program, jailer, kvmDevice, users }), parts);
}

function invalid(detail: string): OptimizerError {
  return new OptimizerError("config_invalid", { detail });
}
