export { createQemuLauncher, type QemuLauncherOptions, type VmLauncherOptions } from "./create-qemu-launcher.ts";
