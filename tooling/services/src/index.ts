export { ensureDebianPackages } from "./ensure-debian-packages.ts";
export { ensureGuestKernel, type InstalledKernel } from "./ensure-guest-kernel.ts";
export { orReason, type ServiceOrReason } from "./or-reason.ts";
export {
  startDockerd,
  type DockerdOptions,
  type DockerdRuntimes,
  type PrivateDockerd,
} from "./start-dockerd.ts";
export {
  startSandboxServices,
  type SandboxServices,
  type ServedSandboxSettings,
} from "./start-sandbox-services.ts";
