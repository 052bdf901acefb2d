import { ensureDebianPackages } from "@mcp-optimizer/services";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pack } from "tar-stream";

/** The tar of a root file system with a shell and `filler` bytes that do not compress. */
export async function busyboxTar(filler = 0): Promise<Readable> {
  await ensureDebianPackages(["busybox-static"]);
  const archive = pack();
  archive.entry({ name: "bin/sh", mode: 0o755 }, await readFile("/bin/busybox"));
  if (filler > 0) archive.entry({ name: "filler" }, Buffer.alloc(filler, "x"));
  archive.finalize();
  return Readable.from(archive, { objectMode: false });
}
