export { ensureDebianPackages } from "./ensure-debian-packages.ts";
export { ensureGuestKernel, type InstalledKernel } from "./ensure-guest-kernel.ts";
export { orReason, type ServiceOrReason } from "./or-reason.ts";
export { startDockerd, type DockerdOptions, type PrivateDockerd } from "./start-dockerd.ts";
