import type { Descriptor } from "./descriptors.ts";
import { APPEND } from "./descriptors.ts";
import { WasiError } from "./errno.ts";
import type { ModuleHost } from "./module-host.ts";
import { RIGHTS } from "./rights.ts";
import type { Calls } from "./signatures.ts";

type Names =
  | "fd_read"
  | "fd_pread"
  | "fd_write"
  | "fd_pwrite"
  | "fd_seek"
  | "fd_tell"
  | "fd_allocate"
  | "fd_filestat_set_size";

/** Reading and writing of open files, of the input and of the outputs. */
export function fileCalls(host: ModuleHost): Calls<Names> {
  const { memory, descriptors, tree } = host;

  const read = (open: Descriptor, buffers: Uint8Array[], offset: number): number => {
    if (open.kind === "directory") {
      throw new WasiError("isDirectory");
    }
    if ((open.rights & RIGHTS.read) === 0 || open.kind === "output") {
      throw new WasiError("badDescriptor");
    }
    let done = 0;
    for (const buffer of buffers) {
      const at = offset + done;
      const part =
        open.kind === "input"
          ? open.bytes.subarray(at, at + buffer.length)
          : open.node.store.view(at, buffer.length);
      buffer.set(part);
      done += part.length;
      if (part.length < buffer.length) {
        break;
      }
    }
    return done;
  };

  const write = (open: Descriptor, buffers: Uint8Array[], offset: number): number => {
    if (open.kind === "directory") {
      throw new WasiError("isDirectory");
    }
    if ((open.rights & RIGHTS.write) === 0 || open.kind === "input") {
      throw new WasiError("badDescriptor");
    }
    let done = 0;
    for (const buffer of buffers) {
      if (open.kind === "output") {
        host.output(open.store, buffer);
        done += buffer.length;
        continue;
      }
      const written = done > 0 && tree.quota.left === 0 ? 0 : tree.write(open.node, offset + done, buffer);
      done += written;
      if (written < buffer.length) {
        break;
      }
    }
    return done;
  };

  return {
    fd_read: (fd, buffersAt, count, out) => {
      const open = descriptors.get(fd);
      const position = "position" in open ? open.position : 0;
      const done = read(open, memory.buffers(buffersAt, count), position);
      if ("position" in open) {
        open.position += done;
      }
      memory.setU32(out, done);
    },
    fd_pread: (fd, buffersAt, count, offset, out) => {
      const open = descriptors.file(fd);
      memory.setU32(out, read(open, memory.buffers(buffersAt, count), asOffset(offset)));
    },
    fd_write: (fd, buffersAt, count, out) => {
      const open = descriptors.get(fd);
      const buffers = memory.buffers(buffersAt, count);
      if (open.kind === "file") {
        const start = (open.flags & APPEND) === 0 ? open.position : open.node.store.length;
        const done = write(open, buffers, start);
        open.position = start + done;
        memory.setU32(out, done);
      } else {
        memory.setU32(out, write(open, buffers, 0));
      }
    },
    fd_pwrite: (fd, buffersAt, count, offset, out) => {
      const open = descriptors.file(fd);
      const start = (open.flags & APPEND) === 0 ? asOffset(offset) : open.node.store.length;
      memory.setU32(out, write(open, memory.buffers(buffersAt, count), start));
    },
    fd_seek: (fd, offset, whence, out) => {
      const open = descriptors.file(fd);
      const base = [0, open.position, open.node.store.length][whence];
      const position = Number(BigInt.asIntN(64, offset)) + (base ?? 0);
      if (base === undefined || position < 0 || position > Number.MAX_SAFE_INTEGER) {
        throw new WasiError("invalid");
      }
      open.position = position;
      memory.setU64(out, BigInt(position));
    },
    fd_tell: (fd, out) => memory.setU64(out, BigInt(descriptors.file(fd).position)),
    fd_allocate: (fd, offset, length) => {
      const open = writable(descriptors.file(fd));
      const end = asOffset(offset) + asOffset(length);
      if (end > open.node.store.length) {
        tree.resize(open.node, end);
      }
    },
    fd_filestat_set_size: (fd, size) => tree.resize(writable(descriptors.file(fd)).node, asOffset(size)),
  };
}

function writable<T extends Descriptor>(open: T): T {
  if ((open.rights & RIGHTS.write) === 0) {
    throw new WasiError("badDescriptor");
  }
  return open;
}

/** An offset or length that a number can hold. */
function asOffset(value: bigint): number {
  const offset = BigInt.asUintN(64, value);
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new WasiError("fileTooBig");
  }
  return Number(offset);
}
