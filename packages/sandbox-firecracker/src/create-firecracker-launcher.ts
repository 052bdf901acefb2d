import type { GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { machineParts, type VmLauncherOptions } from "./vm-launcher-options.ts";
import { createFirecrackerVmm } from "./firecracker/firecracker-vmm.ts";
import type { JailerOptions } from "./firecracker/jailer-arguments.ts";
import { createVmLauncher } from "./launcher/vm-launcher.ts";

/** Options of {@link createFirecrackerLauncher}. */
export interface FirecrackerLauncherOptions extends VmLauncherOptions {
  /** Path of Firecracker's program. Default `/usr/bin/firecracker`. */
  readonly program?: string;
  /** Runs Firecracker by its jailer; needs root. Default: without it. */
  readonly jailer?: JailerOptions;
  /** Default `/dev/kvm`. */
  readonly kvmDevice?: string;
}

/** Launches guests in Firecracker micro-VMs. Needs KVM. Nothing is started yet. */
export function createFirecrackerLauncher(options: FirecrackerLauncherOptions = {}): GuestLauncher {
  const { program = "/usr/bin/firecracker", jailer, kvmDevice = "/dev/kvm" } = options;
  const parts = machineParts(options, false);
  return createVmLauncher(createFirecrackerVmm({ program, jailer, kvmDevice, user: parts.user }), parts);
}
