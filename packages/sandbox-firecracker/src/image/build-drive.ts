import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../host/run-command.ts";

const KIB = 1024;
const BLOCK = 4096;
const SPARE_KIB = 8 * 1024;
const BUILD_MS = 120_000;
/** Where Debian keeps mke2fs is not in every user's PATH. */
const PATH_SUFFIX = ":/usr/sbin:/sbin";

/** Packs a folder into a read-only root file system for a guest (ext4 without a journal), all owned by root. */
export async function buildDrive(folder: string, file: string): Promise<void> {
  const { bytes, entries } = await measure(folder);
  const size = Math.ceil(bytes / KIB + entries + SPARE_KIB);
  const env = { PATH: `${process.env["PATH"] ?? "/usr/bin"}${PATH_SUFFIX}`, MKE2FS_SYNC: "0" };
  const features = "^has_journal,^metadata_csum,^resize_inode,^64bit";
  const options = ["-q", "-F", "-t", "ext4", "-b", String(BLOCK), "-m", "0", "-O", features];
  await runCommand(
    "mke2fs",
    [
      ...options,
      "-E",
      "root_owner=0:0,lazy_itable_init=0",
      "-N",
      String(entries + 64),
      "-d",
      folder,
      file,
      `${size}k`,
    ],
    { timeoutMs: BUILD_MS, env },
  );
}

async function measure(folder: string): Promise<{ bytes: number; entries: number }> {
  let bytes = 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const { size } = await stat(join(entry.parentPath, entry.name));
    bytes += Math.ceil(size / BLOCK) * BLOCK;
  }
  return { bytes: bytes + entries.length * KIB, entries: entries.length };
}
