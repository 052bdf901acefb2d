import {
  ensureDebianPackages,
  ensureGuestKernel,
  orReason,
  type InstalledKernel,
} from "@mcp-optimizer/services";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Kept between runs: a kernel is 100 MB to download and unpack, and an image takes seconds to build. */
export const CACHE_FOLDER: string = fileURLToPath(new URL("../node_modules/.cache/vm/", import.meta.url));

const IMAGE_PACKAGES = ["gcc", "libc6-dev", "e2fsprogs", "util-linux", "xz-utils", "python3"];

/** Brings what an image for guests is built with. */
export async function bringImageParts(): Promise<{ reason?: string }> {
  const { reason } = await orReason(() => ensureDebianPackages(IMAGE_PACKAGES));
  return reason === undefined ? {} : { reason };
}

/** Brings what the QEMU driver needs on this machine. */
export async function bringMachineParts(): Promise<{ kernel?: InstalledKernel; reason?: string }> {
  const { service, reason } = await orReason(async () => {
    await ensureDebianPackages(["qemu-system-x86", ...IMAGE_PACKAGES]);
    return await ensureGuestKernel(CACHE_FOLDER);
  });
  return reason === undefined ? { kernel: service } : { reason };
}

/** A folder that other users may enter, removed by `remove`. */
export async function openFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "mcpo-test-"));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
