import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { posix } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack, type Header, type Pack } from "tar-stream";
import type { ImageFile } from "./image-file.ts";

/** A folder of an image, with its mode. */
export interface ImageFolder {
  readonly path: string;
  readonly mode: number;
}

/**
 * A tar archive of these folders and files, all owned by root and not writable by others. Folders above a file are made. A file copied
 * from this machine keeps its time, since Python checks it against its compiled files.
 */
export function imageTar(folders: readonly ImageFolder[], files: readonly ImageFile[]): Readable {
  const archive = pack();
  void write(archive, folders, files).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return Readable.from(archive, { objectMode: false });
}

async function write(
  archive: Pack,
  folders: readonly ImageFolder[],
  files: readonly ImageFile[],
): Promise<void> {
  const made = new Set<string>([".", ""]);
  const epoch = new Date(0);
  async function makeFolder(path: string, mode: number): Promise<void> {
    if (made.has(path)) return;
    made.add(path);
    await makeFolder(posix.dirname(path), 0o755);
    await entry(archive, { name: `${path}/`, type: "directory", mode, mtime: epoch });
  }
  for (const { path, mode } of folders) await makeFolder(path, mode);
  const seen = new Set<string>();
  for (const file of files) {
    if (seen.has(file.path)) continue;
    seen.add(file.path);
    await makeFolder(posix.dirname(file.path), 0o755);
    if ("link" in file) {
      await entry(archive, { name: file.path, type: "symlink", linkname: file.link, mtime: epoch });
    } else if ("content" in file) {
      await entry(archive, { name: file.path, mode: 0o444, mtime: epoch }, Buffer.from(file.content));
    } else {
      const { size, mtime } = await stat(file.source);
      const header = { name: file.path, mode: file.executable ? 0o755 : 0o644, size, mtime };
      if (size === 0) await entry(archive, header, Buffer.alloc(0));
      else await pipeline(createReadStream(file.source, { end: size - 1 }), archive.entry(header));
    }
  }
}

type NewHeader = Partial<Header> & Pick<Header, "name">;

function entry(archive: Pack, header: NewHeader, content?: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry(header, content ?? "", (error) => (error ? reject(error) : resolve()));
  });
}
