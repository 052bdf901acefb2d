import { FILE_TYPE, type TreeNode } from "../tree/nodes.ts";
import type { Descriptor } from "./descriptors.ts";
import { WasiError } from "./errno.ts";
import { timesFrom, writeStatus } from "./file-status.ts";
import type { ModuleHost } from "./module-host.ts";
import { readDirectory } from "./read-directory.ts";
import { asRights } from "./rights.ts";
import type { Calls } from "./signatures.ts";

const ALL_FLAGS = 31;
const MOST_ADVICE = 5;

type Names =
  | "fd_advise"
  | "fd_close"
  | "fd_datasync"
  | "fd_fdstat_get"
  | "fd_fdstat_set_flags"
  | "fd_fdstat_set_rights"
  | "fd_filestat_get"
  | "fd_filestat_set_times"
  | "fd_prestat_get"
  | "fd_prestat_dir_name"
  | "fd_readdir"
  | "fd_renumber"
  | "fd_sync"
  | "sock_accept"
  | "sock_recv"
  | "sock_send"
  | "sock_shutdown";

/** Descriptors themselves: what they are, their flags and rights, and their end. */
export function descriptorCalls(host: ModuleHost): Calls<Names> {
  const { memory, descriptors, tree } = host;
  const exists = (fd: number): void => {
    descriptors.get(fd);
  };
  const notSocket = (fd: number): never => {
    descriptors.get(fd);
    throw new WasiError("notSocket");
  };
  const preopen = (fd: number): string => {
    const open = descriptors.get(fd);
    if (open.kind !== "directory" || open.preopen === undefined) {
      throw new WasiError("badDescriptor");
    }
    return open.preopen;
  };
  return {
    fd_advise: (fd, _offset, _length, advice) => {
      descriptors.file(fd);
      if (advice > MOST_ADVICE) {
        throw new WasiError("invalid");
      }
    },
    fd_close: (fd) => descriptors.close(fd),
    fd_datasync: exists,
    fd_sync: exists,
    fd_fdstat_get: (fd, out) => {
      const open = descriptors.get(fd);
      memory.bytes(out, 24).fill(0);
      memory.setU8(out, fileType(open));
      memory.setU16(out + 2, open.flags);
      memory.setU64(out + 8, BigInt(open.rights));
      memory.setU64(out + 16, BigInt(open.inheriting));
    },
    fd_fdstat_set_flags: (fd, flags) => {
      const open = descriptors.get(fd);
      if (flags > ALL_FLAGS) {
        throw new WasiError("invalid");
      }
      open.flags = flags;
    },
    fd_fdstat_set_rights: (fd, base, inheriting) => {
      const open = descriptors.get(fd);
      const wanted = { rights: asRights(base), inheriting: asRights(inheriting) };
      if ((wanted.rights & ~open.rights) !== 0 || (wanted.inheriting & ~open.inheriting) !== 0) {
        throw new WasiError("notCapable");
      }
      Object.assign(open, wanted);
    },
    fd_filestat_get: (fd, out) => writeStatus(memory, out, nodeOf(descriptors.get(fd))),
    fd_filestat_set_times: (fd, access, modify, flags) => {
      const node = nodeOf(descriptors.get(fd));
      if (node === undefined) {
        throw new WasiError("badDescriptor");
      }
      tree.setTimes(node, timesFrom(access, modify, flags, tree.now()));
    },
    fd_prestat_get: (fd, out) => {
      const name = preopen(fd);
      memory.setU32(out, 0);
      memory.setU32(out + 4, Buffer.byteLength(name));
    },
    fd_prestat_dir_name: (fd, out, length) => {
      const name = Buffer.from(preopen(fd));
      if (length < name.length) {
        throw new WasiError("nameTooLong");
      }
      memory.bytes(out, name.length).set(name);
    },
    fd_readdir: (fd, at, length, cookie, out) => {
      const directory = descriptors.directory(fd).node;
      memory.setU32(out, readDirectory(directory, BigInt.asUintN(64, cookie), memory.bytes(at, length)));
    },
    fd_renumber: (from, to) => descriptors.renumber(from, to),
    sock_accept: notSocket,
    sock_recv: notSocket,
    sock_send: notSocket,
    sock_shutdown: notSocket,
  };
}

function nodeOf(open: Descriptor): TreeNode | undefined {
  return "node" in open ? open.node : undefined;
}

function fileType(open: Descriptor): number {
  return open.kind === "file" || open.kind === "directory" ? FILE_TYPE[open.kind] : FILE_TYPE.unknown;
}
