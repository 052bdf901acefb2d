import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);
const PACKAGE = "linux-image-cloud-amd64";
const LIMIT_MS = 300_000;

/** A kernel for guests of a micro-VM. */
export interface InstalledKernel {
  readonly image: string;
  /** Folder with its modules. */
  readonly modules: string;
}

/**
 * Makes sure that Debian's kernel for virtual machines is unpacked in a folder, and says where. The package is downloaded, not installed:
 * no boot loader is touched. Throws where apt-get does not offer it.
 */
export async function ensureGuestKernel(folder: string): Promise<InstalledKernel> {
  const ready = await findKernel(folder);
  if (ready) return ready;
  const name = (await offeredPackage()) ?? (await updateAndLook());
  process.stderr.write(`Downloading Debian package for guests: ${name}\n`);
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, "download-"));
  try {
    await execute("apt-get", ["download", "--quiet", name], { cwd: work, timeout: LIMIT_MS });
    const [file = ""] = await readdir(work);
    const kernel = join(work, "kernel");
    await execute("dpkg-deb", ["--extract", join(work, file), kernel], { timeout: LIMIT_MS });
    await rename(kernel, join(folder, name)).catch(async (error: unknown) => {
      if (!(await findKernel(folder))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const unpacked = await findKernel(folder);
  if (!unpacked) throw new Error(`${name} holds no kernel.`);
  return unpacked;
}

/** The package of the newest kernel, by its full name. */
async function offeredPackage(): Promise<string | undefined> {
  const command = ["apt-cache", "depends", "--important", PACKAGE] as const;
  const answer = await execute(command[0], command.slice(1), { timeout: LIMIT_MS }).catch(() => undefined);
  return /Depends: (linux-image-\S+)/.exec(answer?.stdout ?? "")?.[1];
}

/** The lists of packages may be missing, or too old. */
async function updateAndLook(): Promise<string> {
  if (process.getuid?.() === 0) {
    await execute("apt-get", ["update", "--quiet"], { timeout: LIMIT_MS }).catch(() => undefined);
  }
  const name = await offeredPackage();
  if (name === undefined) {
    throw new Error(`${PACKAGE} cannot be had: it needs Debian for amd64. Run: sudo apt-get update`);
  }
  return name;
}

async function findKernel(folder: string): Promise<InstalledKernel | undefined> {
  for (const name of await readdir(folder).catch(() => [])) {
    const version = /^linux-image-(.+)$/.exec(name)?.[1];
    if (version === undefined) continue;
    const modules = join(folder, name, "lib/modules", version);
    const image = join(folder, name, `boot/vmlinuz-${version}`);
    const found = await Promise.all([access(image), access(modules)]).then(
      () => true,
      () => false,
    );
    if (found) return { image, modules };
  }
  return undefined;
}
