import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { buildDrive } from "./build-drive.ts";
import { buildInit, initSource } from "./build-init.ts";
import { buildOpenReadOnly, openReadOnlySource } from "./build-open-read-only.ts";
import { pythonRuntime } from "./python-runtime.ts";
import { stageRuntime, type RuntimePrograms } from "./stage-runtime.ts";

/** Raised when the same runtimes have to be packed in another way. */
const FORMAT = 3;
/** No build takes as long. */
const LONGEST_BUILD_MS = 3_600_000;
const OPEN_READ_ONLY = "open-read-only.so";

const PATHS = z.array(z.string());
const PROGRAMS = z.object({ javascript: PATHS.exactOptional(), python: PATHS.exactOptional() });

/** What an image is built from. */
export interface GuestImageOptions {
  /** Built images are kept here; machines read them. */
  readonly cacheFolder: string;
  /** Node's program for guests, version 24 or later. */
  readonly node: string;
  /** Python for guests; absent: none. */
  readonly python: string | undefined;
  /** C compiler for the guest's process 1. */
  readonly compiler: string;
}

/** What every machine of a launcher boots from. */
export interface GuestImage {
  /** The read-only root file system. */
  readonly drive: string;
  /** The program that is process 1. */
  readonly init: Buffer;
  /** A library for monitors that ask to write to what they only read. */
  readonly openReadOnly: string;
  /** Each language with what it runs from. */
  readonly programs: RuntimePrograms;
}

/** Returns the image for these runtimes from the cache, or builds it. Processes that do so at once do not disturb each other. */
export async function buildGuestImage(options: GuestImageOptions): Promise<GuestImage> {
  const python = options.python === undefined ? undefined : await pythonRuntime(options.python);
  const key = createHash("sha256").update(JSON.stringify([FORMAT, python?.version]));
  key.update(await initSource()).update(await openReadOnlySource());
  for (const program of [options.node, ...(python ? [python.program, python.library] : [])]) {
    const { size, mtimeMs } = await stat(program);
    key.update(JSON.stringify([program, size, mtimeMs]));
  }
  const folder = join(options.cacheFolder, `image-${key.digest("hex").slice(0, 24)}`);
  await sweepDeadBuilds(options.cacheFolder);
  const cached = await readImage(folder);
  if (cached) return cached;
  const work = `${folder}.${randomBytes(4).toString("hex")}.tmp`;
  await mkdir(work, { recursive: true, mode: 0o755 });
  try {
    const init = await buildInit(options.compiler, join(work, "init.out"));
    await buildOpenReadOnly(options.compiler, join(work, OPEN_READ_ONLY));
    const programs = await stageRuntime({ node: options.node, python }, join(work, "root"));
    await buildDrive(join(work, "root"), join(work, "root.ext4"));
    await rm(join(work, "root"), { recursive: true });
    await writeFile(join(work, "init"), init);
    await writeFile(join(work, "programs.json"), JSON.stringify(programs));
    await rename(work, folder).catch(async (error: unknown) => {
      if (!(await readImage(folder))) throw error;
    });
    return imageIn(folder, init, programs);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function imageIn(folder: string, init: Buffer, programs: RuntimePrograms): GuestImage {
  return { drive: join(folder, "root.ext4"), openReadOnly: join(folder, OPEN_READ_ONLY), init, programs };
}

/** Removes what builds left that were killed: it may be of a process that cannot be seen from here, so its age tells. */
async function sweepDeadBuilds(cacheFolder: string): Promise<void> {
  const names = (await readdir(cacheFolder).catch(() => [])).filter((name) => /^image-.*\.tmp$/.test(name));
  for (const folder of names.map((name) => join(cacheFolder, name))) {
    const changed = await stat(folder).catch(() => undefined);
    if (changed && changed.mtimeMs < Date.now() - LONGEST_BUILD_MS)
      await rm(folder, { recursive: true, force: true });
  }
}

/** A folder appears under its name only when it is complete. */
async function readImage(folder: string): Promise<GuestImage | undefined> {
  try {
    const programs = PROGRAMS.parse(JSON.parse(await readFile(join(folder, "programs.json"), "utf8")));
    return imageIn(folder, await readFile(join(folder, "init")), programs);
  } catch {
    return undefined;
  }
}
