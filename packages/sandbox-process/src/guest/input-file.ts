import { OptimizerError } from "@mcp-optimizer/contracts";
import { constants } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file without a name, to be given to a child by its descriptor, at its start. The caller closes it. */
export async function openInputFile(name: string, content: string | Uint8Array): Promise<FileHandle> {
  const path = join(tmpdir(), name);
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
    await rm(path);
    const bytes = Buffer.from(content);
    for (let done = 0; done < bytes.length;) {
      // Written at a position, the file's own stays at its start.
      done += (await file.write(bytes, done, bytes.length - done, done)).bytesWritten;
    }
    return file;
  } catch (cause) {
    await file?.close();
    await rm(path, { force: true });
    const full = (cause as NodeJS.ErrnoException).code === "ENOSPC";
    throw new OptimizerError("sandbox_unavailable", {
      detail: full
        ? "the folder for temporary files is full"
        : "the folder for temporary files cannot be written",
      cause,
    });
  }
}
