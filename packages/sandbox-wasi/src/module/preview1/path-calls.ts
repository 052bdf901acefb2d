import type { Descriptor } from "./descriptors.ts";
import { WasiError } from "./errno.ts";
import { timesFrom, writeStatus } from "./file-status.ts";
import type { ModuleHost } from "./module-host.ts";
import { asRights, DIRECTORY_RIGHTS, FILE_RIGHTS, RIGHTS } from "./rights.ts";
import type { Calls } from "./signatures.ts";
import { checkName, resolvePath, type Resolved } from "../tree/resolve-path.ts";
import type { FileNode, TreeNode } from "../tree/nodes.ts";

const FOLLOW = 1;
const CREATE = 1;
const DIRECTORY = 2;
const EXCLUSIVE = 4;
const TRUNCATE = 8;
const ALL_FLAGS = 31;

type Names = "path_open" | "path_filestat_get" | "path_filestat_set_times" | "path_readlink";

/** Looking at paths, and opening them. */
export function pathCalls(host: ModuleHost): Calls<Names> {
  const { memory, descriptors, tree } = host;

  const find = (fd: number, flags: number, pathAt: number, length: number): TreeNode => {
    const base = descriptors.directory(fd).node;
    return existing(resolvePath(base, memory.text(pathAt, length), following(flags)));
  };

  const create = (found: Resolved, open: number): FileNode => {
    if ((open & CREATE) === 0) {
      throw new WasiError("noEntry");
    }
    if ((open & DIRECTORY) !== 0) {
      throw new WasiError("invalid");
    }
    if (found.slash) {
      throw new WasiError("isDirectory");
    }
    checkName(found.name);
    return tree.createFile(found.parent, found.name);
  };

  return {
    path_open: (fd, lookup, pathAt, length, open, base, inheriting, flags, out) => {
      const from = descriptors.directory(fd);
      if (flags > ALL_FLAGS) {
        throw new WasiError("invalid");
      }
      memory.setU32(out, 0);
      const found = resolvePath(from.node, memory.text(pathAt, length), following(lookup));
      if (found.node !== undefined && (open & CREATE) !== 0 && (open & EXCLUSIVE) !== 0) {
        throw new WasiError("exists");
      }
      if ((open & TRUNCATE) !== 0 && (from.rights & RIGHTS.setSize) === 0) {
        throw new WasiError("notCapable");
      }
      const node = found.node ?? create(found, open);
      const rights = asRights(base);
      let opened: Descriptor;
      if (node.kind === "link") {
        throw new WasiError((open & DIRECTORY) === 0 ? "loop" : "notDirectory");
      } else if (node.kind === "directory") {
        if ((rights & RIGHTS.write) !== 0 || (open & (TRUNCATE | CREATE)) !== 0) {
          throw new WasiError("isDirectory");
        }
        opened = {
          kind: "directory",
          node,
          rights: rights & DIRECTORY_RIGHTS,
          inheriting: asRights(inheriting) & from.inheriting,
          flags,
        };
      } else {
        if ((open & DIRECTORY) !== 0 || found.slash) {
          throw new WasiError("notDirectory");
        }
        const granted = rights & FILE_RIGHTS & from.inheriting;
        opened = { kind: "file", node, rights: granted, inheriting: 0, flags, position: 0 };
      }
      const number = descriptors.add(opened);
      if (node.kind === "file" && (open & TRUNCATE) !== 0) {
        tree.resize(node, 0);
      }
      memory.setU32(out, number);
    },
    path_filestat_get: (fd, flags, pathAt, length, out) =>
      writeStatus(memory, out, find(fd, flags, pathAt, length)),
    path_filestat_set_times: (fd, flags, pathAt, length, access, modify, times) =>
      tree.setTimes(find(fd, flags, pathAt, length), timesFrom(access, modify, times, tree.now())),
    path_readlink: (fd, pathAt, length, out, size, usedAt) => {
      const node = find(fd, 0, pathAt, length);
      if (node.kind !== "link") {
        throw new WasiError("invalid");
      }
      const target = Buffer.from(node.target).subarray(0, size);
      memory.bytes(out, target.length).set(target);
      memory.setU32(usedAt, target.length);
    },
  };
}

function following(flags: number): "always" | "slash" {
  return (flags & FOLLOW) === 0 ? "slash" : "always";
}

/** What stands at a path. Throws when nothing does, or when it is no directory though the path says so. */
function existing({ node, slash }: Resolved): TreeNode {
  if (node === undefined) {
    throw new WasiError("noEntry");
  }
  if (slash && node.kind !== "directory") {
    throw new WasiError("notDirectory");
  }
  return node;
}
