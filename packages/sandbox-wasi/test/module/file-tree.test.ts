import * as fc from "fast-check";
import { expect, test } from "vitest";
import { WasiError } from "../../src/module/preview1/errno.ts";
import { FileTree } from "../../src/module/tree/file-tree.ts";
import type { DirectoryNode, TreeNode } from "../../src/module/tree/nodes.ts";
import { resolvePath } from "../../src/module/tree/resolve-path.ts";
import { isInside } from "../../src/module/tree/tree-shape.ts";

const DISK = 4_000;
const part = fc.constantFrom("a", "a", "b", "b", "..", ".", "", "__proto__");
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const step = fc.oneof(
  fc.record({ do: fc.constantFrom("file", "directory", "remove", "cut"), at: path, size: fc.nat(1_500) }),
  fc.record({
    do: fc.constantFrom("link", "rename", "name", "write"),
    at: path,
    to: path,
    size: fc.nat(1_500),
  }),
);
type Step = { do: string; at: string; to?: string; size: number };

function take(tree: FileTree, { do: what, at, to = "", size }: Step): void {
  const { parent, name, node } = resolvePath(tree.root, at, "never");
  const fresh = node === undefined;
  const file = node?.kind === "file" ? node : undefined;
  if (what === "file" && fresh) tree.createFile(parent, name, new Uint8Array(size));
  if (what === "directory" && fresh) tree.createDirectory(parent, name);
  if (what === "link" && fresh && to !== "") tree.createLink(parent, name, to);
  if (what === "write" && file) tree.write(file, size, new Uint8Array(size));
  if (what === "cut" && file) tree.resize(file, size);
  if (what === "remove" && node && name !== "." && !(node.kind === "directory" && node.entries.size > 0))
    tree.remove(parent, name);
  if (what === "rename" && node && name !== ".") {
    const target = resolvePath(tree.root, to, "never");
    if (target.name !== ".") tree.rename({ parent, name, node, slash: false }, target);
  }
  if (what === "name" && node && node.kind !== "directory") {
    const target = resolvePath(tree.root, to, "never");
    if (target.node === undefined) tree.addName(target.parent, target.name, node);
  }
}

function nodesOf(directory: DirectoryNode, into: Set<TreeNode> = new Set()): Set<TreeNode> {
  for (const { node } of directory.entries.values()) {
    if (node.kind === "directory") {
      expect(node.parent).toBe(directory);
      nodesOf(node, into);
    }
    into.add(node);
  }
  return into;
}

function grow(steps: readonly Step[]): FileTree {
  const tree = new FileTree(DISK, () => 0n);
  for (const one of steps) {
    try {
      take(tree, one);
    } catch (error) {
      if (!(error instanceof WasiError)) throw error;
    }
  }
  return tree;
}

test("the quota is what is there, whatever happened", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const tree = grow(steps);
      let used = 0;
      for (const node of nodesOf(tree.root)) {
        used +=
          node.kind === "file"
            ? node.store.length
            : node.kind === "link"
              ? Buffer.byteLength(node.target)
              : 0;
      }
      expect(tree.quota.left).toBe(DISK - used);
      expect(tree.quota.left).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 300 },
  );
});

test("no path leaves the directory that it starts from", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), path, fc.boolean(), (steps, wanted, follow) => {
      const tree = grow(steps);
      for (const base of [tree.root, ...nodesOf(tree.root)]) {
        if (base.kind !== "directory") continue;
        try {
          expect(isInside(resolvePath(base, wanted, follow ? "always" : "slash").parent, base)).toBe(true);
        } catch (error) {
          if (!(error instanceof WasiError)) throw error;
        }
      }
    }),
    { numRuns: 300 },
  );
});
