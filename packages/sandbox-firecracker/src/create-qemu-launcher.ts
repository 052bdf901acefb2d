import type { GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { createVmLauncher } from "./launcher/vm-launcher.ts";
import { createQemuVmm } from "./qemu/qemu-vmm.ts";
import { machineParts, type VmLauncherOptions } from "./vm-launcher-options.ts";

/** Options of {@link createQemuLauncher}. */
export interface QemuLauncherOptions extends VmLauncherOptions {
  /** Default `qemu-system-x86_64`. */
  readonly program?: string;
  /** Whether agents that are `clonable` start as copies of a machine that was booted once. Default `true`. */
  readonly copies?: boolean;
}

/** Launches guests in QEMU machines with an emulated processor. Needs no rights and no KVM. Nothing is started yet. */
export function createQemuLauncher(options: QemuLauncherOptions = {}): GuestLauncher {
  const parts = machineParts(options, options.copies ?? true);
  return createVmLauncher(
    createQemuVmm({ program: options.program ?? "qemu-system-x86_64", user: parts.user }),
    parts,
  );
}
