import { arch, platform } from "node:process";
import { runCommand } from "../host/run-command.ts";
import type { VmmProbe } from "../vmm/vmm.ts";

const WARNING =
  "QEMU emulates the processor: programs run many times slower than on real hardware, and emulation is not what QEMU's developers support as a security boundary.";

/** Asks QEMU for its version. Starts no machine and does not look for KVM. */
export async function probeQemu(program: string): Promise<VmmProbe> {
  const unavailable = (reason: string): VmmProbe => ({
    available: false,
    reason,
    versions: {},
    warnings: [],
  });
  if (platform !== "linux" || arch !== "x64")
    return unavailable(`The QEMU driver runs on Linux x64, not ${platform} ${arch}.`);
  try {
    const text = await runCommand(program, ["--version"], { timeoutMs: 10_000 });
    const version = /version (\d[\w.]*)/.exec(text)?.[1] ?? "unknown";
    if (Number.parseInt(version, 10) < 7)
      return unavailable(`QEMU ${version} is too old; 7.2 or later is needed.`);
    return { available: true, versions: { qemu: version }, warnings: [WARNING] };
  } catch {
    return unavailable(`${program} cannot be run. On Debian: sudo apt-get install --yes qemu-system-x86`);
  }
}
