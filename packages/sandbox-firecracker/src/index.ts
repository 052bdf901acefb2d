export { createFirecrackerLauncher, type FirecrackerLauncherOptions } from "./create-firecracker-launcher.ts";
export { createFirecrackerSandbox, type FirecrackerSandboxOptions } from "./create-firecracker-sandbox.ts";
export { createFirecrackerApi, type FirecrackerApi } from "./firecracker/api-client.ts";
export type {
  BootSource,
  Drive,
  InstanceAction,
  InstanceInfo,
  Logger,
  MachineConfiguration,
  Metrics,
  SnapshotCreate,
  SnapshotLoad,
  VmState,
  Vsock,
} from "./firecracker/api-types.ts";
export { connectVsock } from "./firecracker/connect-vsock.ts";
export { jailerArguments, type JailedMachine, type JailerOptions } from "./firecracker/jailer-arguments.ts";
export type { HostUser } from "./host/host-user.ts";
export type { GuestKernel } from "./launcher/machine-parts.ts";
export type { VmLauncherOptions } from "./vm-launcher-options.ts";
