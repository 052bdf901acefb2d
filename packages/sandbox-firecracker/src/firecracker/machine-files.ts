import { copyFile, constants, link, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { MachineSpec } from "../vmm/vmm.ts";

/** Nothing that is there already is written to. */
const COPY_NEW = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;

/** Where a machine's files are for the host, and what Firecracker calls them. */
export interface MachineFiles {
  /** Firecracker's working folder, as the host sees it. */
  readonly folder: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly drive: string;
}

/** Without a jail, Firecracker sees what the host sees. */
export function openFiles({ folder, kernel, initrd, drive }: MachineSpec): MachineFiles {
  return { folder, kernel, initrd, drive };
}

/**
 * Puts a machine's files into its jail, linked where they are on one file system. The jail is in the machine's folder, which is ours: the
 * machine's user may write in the jail's root only, and only once the jailer gives it away.
 */
export async function jailedFiles(spec: MachineSpec, firecracker: string): Promise<MachineFiles> {
  const folder = join(spec.folder, basename(firecracker), spec.id, "root");
  await mkdir(folder, { recursive: true });
  for (const name of ["kernel", "initrd", "drive"] as const) {
    const to = join(folder, name);
    await link(spec[name], to).catch(() => copyFile(spec[name], to, COPY_NEW));
  }
  return { folder, kernel: "/kernel", initrd: "/initrd", drive: "/drive" };
}
