import { WasiError } from "./errno.ts";
import type { ModuleHost } from "./module-host.ts";
import type { Calls } from "./signatures.ts";
import { checkName, resolvePath, type Resolved } from "../tree/resolve-path.ts";

const MOST_TARGET_BYTES = 4_096;

type Names =
  | "path_create_directory"
  | "path_link"
  | "path_remove_directory"
  | "path_rename"
  | "path_symlink"
  | "path_unlink_file";

/** Making, moving and taking away names. */
export function pathChangeCalls(host: ModuleHost): Calls<Names> {
  const { memory, descriptors, tree } = host;

  /** A path whose last name is meant itself, not what a link there leads to. */
  const resolve = (fd: number, pathAt: number, length: number): Resolved => {
    return resolvePath(descriptors.directory(fd).node, memory.text(pathAt, length), "never");
  };
  const free = (found: Resolved): Resolved => {
    if (found.node !== undefined) {
      throw new WasiError("exists");
    }
    checkName(found.name);
    return found;
  };

  return {
    path_create_directory: (fd, pathAt, length) => {
      const { parent, name } = free(resolve(fd, pathAt, length));
      tree.createDirectory(parent, name);
    },
    path_link: (oldFd, flags, oldAt, oldLength, newFd, newAt, newLength) => {
      if (flags !== 0) {
        throw new WasiError("invalid");
      }
      const from = resolve(oldFd, oldAt, oldLength);
      if (from.node === undefined) {
        throw new WasiError("noEntry");
      }
      if (from.node.kind === "directory") {
        throw new WasiError("notPermitted");
      }
      if (from.slash) {
        throw new WasiError("notDirectory");
      }
      const to = free(resolve(newFd, newAt, newLength));
      if (to.slash) {
        throw new WasiError("noEntry");
      }
      tree.addName(to.parent, to.name, from.node);
    },
    path_remove_directory: (fd, pathAt, length) => {
      const { parent, name, node } = resolve(fd, pathAt, length);
      if (node === undefined) {
        throw new WasiError("noEntry");
      }
      if (node.kind !== "directory") {
        throw new WasiError("notDirectory");
      }
      if (name === ".") {
        throw new WasiError("invalid");
      }
      if (node.entries.size > 0) {
        throw new WasiError("notEmpty");
      }
      tree.remove(parent, name);
    },
    path_rename: (oldFd, oldAt, oldLength, newFd, newAt, newLength) => {
      const from = resolve(oldFd, oldAt, oldLength);
      const to = resolve(newFd, newAt, newLength);
      if (from.node === undefined) {
        throw new WasiError("noEntry");
      }
      if (from.name === "." || to.name === ".") {
        throw new WasiError("invalid");
      }
      if (from.node.kind !== "directory" && (from.slash || to.slash)) {
        throw new WasiError("notDirectory");
      }
      checkName(to.name);
      tree.rename(from, to);
    },
    path_symlink: (targetAt, targetLength, fd, pathAt, length) => {
      const target = memory.text(targetAt, targetLength);
      const found = resolve(fd, pathAt, length);
      if (target.startsWith("/")) {
        throw new WasiError("notPermitted");
      }
      if (Buffer.byteLength(target) > MOST_TARGET_BYTES) {
        throw new WasiError("nameTooLong");
      }
      const { parent, name, slash } = free(found);
      if (slash || target === "") {
        throw new WasiError("noEntry");
      }
      tree.createLink(parent, name, target);
    },
    path_unlink_file: (fd, pathAt, length) => {
      const { parent, name, node, slash } = resolve(fd, pathAt, length);
      if (node === undefined) {
        throw new WasiError("noEntry");
      }
      if (node.kind === "directory") {
        throw new WasiError("isDirectory");
      }
      if (slash) {
        throw new WasiError("notDirectory");
      }
      tree.remove(parent, name);
    },
  };
}
