import { platform } from "node:process";
import { commandOf } from "../host/confined-command.ts";
import { runCommand } from "../host/run-command.ts";
import type { VmmProbe } from "../vmm/vmm.ts";
import type { FirecrackerVmmOptions } from "./firecracker-vmm.ts";

const UNTRIED =
  "This driver has been tested against a model of Firecracker's API, not against Firecracker itself.";

/** Asks Firecracker, and the jailer, for their versions. Starts no machine and does not open KVM's device. */
export async function probeFirecracker(options: FirecrackerVmmOptions): Promise<VmmProbe> {
  const unavailable = (reason: string): VmmProbe => ({
    available: false,
    reason,
    versions: {},
    warnings: [],
  });
  if (platform !== "linux") return unavailable(`Firecracker runs on Linux, not ${platform}.`);
  const firecracker = await versionOf(options.program);
  if (firecracker === undefined)
    return unavailable(`${options.program} cannot be run. Install Firecracker and name its path.`);
  const versions: Record<string, string> = { firecracker };
  if (options.jailer) {
    const jailer = await versionOf(options.jailer.program);
    if (jailer !== firecracker) {
      return unavailable(
        `The jailer is of version ${jailer ?? "unknown"}; it must be Firecracker's own, ${firecracker}.`,
      );
    }
    versions["jailer"] = jailer;
  }
  if (!(await mayUse(options))) {
    return unavailable(`${options.kvmDevice} is absent or may not be used: Firecracker needs KVM.`);
  }
  return { available: true, versions, warnings: [UNTRIED] };
}

async function versionOf(program: string): Promise<string | undefined> {
  const text = await runCommand(program, ["--version"], { timeoutMs: 10_000 }).catch(() => "");
  return /v?(\d+\.\d+\.\d+\S*)/.exec(text)?.[1];
}

/** Whether the device is there, and open to the user that machines run as. The jailer makes it anew inside. */
async function mayUse({ kvmDevice, jailer, users }: FirecrackerVmmOptions): Promise<boolean> {
  const test = jailer ? ["test", "-e", kvmDevice] : ["test", "-r", kvmDevice, "-a", "-w", kvmDevice];
  const { user, release } = users.take();
  const [file = "", ...args] = commandOf(user, test);
  return await runCommand(file, args, { timeoutMs: 10_000 })
    .then(
      () => true,
      () => false,
    )
    .finally(release);
}
