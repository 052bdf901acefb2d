import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDebianPackages } from "./ensure-debian-packages.ts";
import { ensureGuestKernel, type InstalledKernel } from "./ensure-guest-kernel.ts";
import { startDockerd } from "./start-dockerd.ts";

/** Settings with which a sandbox finds what was started for it, as `openSandbox` takes them. */
export interface ServedSandboxSettings {
  readonly docker?: { readonly socketPath: string };
  readonly gvisor?: { readonly socketPath: string };
  readonly firecracker?: {
    readonly vmm: "qemu";
    readonly kernel: InstalledKernel;
    readonly cacheFolder: string;
  };
}

/** What was started for sandboxes. */
export interface SandboxServices {
  readonly settings: ServedSandboxSettings;
  stop(): Promise<void>;
}

const CACHE_FOLDER = fileURLToPath(new URL("../node_modules/.cache/vm/", import.meta.url));
const MACHINE_PACKAGES = [
  "qemu-system-x86",
  "gcc",
  "libc6-dev",
  "e2fsprogs",
  "util-linux",
  "xz-utils",
  "python3",
];

/**
 * Brings what a sandbox needs beside this repository: bubblewrap, a private Docker daemon, or QEMU with a kernel for guests. Rejects with
 * the reason, and the command that mends it, where that cannot be had.
 */
export async function startSandboxServices(name: string): Promise<SandboxServices> {
  switch (name) {
    case "seccomp":
      await ensureDebianPackages(["bubblewrap"]);
      break;
    case "docker":
    case "gvisor": {
      const dockerd = await startDockerd();
      const { socketPath } = dockerd;
      return { settings: { docker: { socketPath }, gvisor: { socketPath } }, stop: () => dockerd.stop() };
    }
    case "firecracker": {
      await ensureDebianPackages(MACHINE_PACKAGES);
      const kernel = await ensureGuestKernel(CACHE_FOLDER);
      const cacheFolder = join(CACHE_FOLDER, "images");
      return { settings: { firecracker: { vmm: "qemu", kernel, cacheFolder } }, stop: async () => undefined };
    }
    default:
  }
  return { settings: {}, stop: async () => undefined };
}
