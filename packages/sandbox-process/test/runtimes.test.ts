import { chmod, copyFile, mkdir, mkdtemp, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isOpenToAll } from "../src/runtime/is-open-to-all.ts";
import { nodeRuntime } from "../src/runtime/node-runtime.ts";
import { pythonRuntime } from "../src/runtime/python-runtime.ts";
import { sharedLibraries } from "../src/runtime/shared-libraries.ts";

let root = "";
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "mcp-optimizer-runtime-test-")));
  await chmod(root, 0o755);
});
afterEach(() => rm(root, { recursive: true, force: true }));

test("a Node in a closed folder is copied to where other users can read it, and only then", async () => {
  const closed = join(root, "closed");
  await mkdir(closed, { mode: 0o700 });
  await copyFile(process.execPath, join(closed, "node"));
  await symlink(join(closed, "node"), join(root, "link"));
  const copyName = `${root.slice(tmpdir().length + 1)}-copy`;
  const options = { executable: join(root, "link"), copyName };
  try {
    const own = await nodeRuntime({ ...options, otherUser: false });
    expect(own.executable).toBe(join(closed, "node"));
    const other = await nodeRuntime({ ...options, otherUser: true });
    expect(other.executable).toBe(join(tmpdir(), copyName, "node"));
    expect(await isOpenToAll(await realpath(other.executable))).toBe(true);
    expect(other.version).toBe(process.version);
    expect(other.binds[0]).toEqual({ source: other.executable, target: "/usr/bin/node" });
  } finally {
    await rm(join(tmpdir(), copyName), { recursive: true, force: true });
  }
});

test("what a user may not read, or not enter, is not open to all", async () => {
  await writeFile(join(root, "file"), "", { mode: 0o640 });
  expect(await isOpenToAll(join(root, "file"))).toBe(false);
  await chmod(join(root, "file"), 0o644);
  expect(await isOpenToAll(join(root, "file"))).toBe(true);
  await chmod(root, 0o750);
  expect(await isOpenToAll(join(root, "file"))).toBe(false);
});

test("the libraries of a program are files, and its loader is one of them", async () => {
  const libraries = await sharedLibraries([process.execPath]);
  expect(libraries.some(({ target }) => target.includes("/ld-"))).toBe(true);
  for (const { source } of libraries) expect((await stat(source)).isFile()).toBe(true);
});

test("the reasons why each Python was refused are told", async () => {
  const old = join(root, "old");
  const description = JSON.stringify({ executable: old, version: [3, 6, 1], library: root });
  await writeFile(old, `#!/bin/sh\necho '${description}'\n`, { mode: 0o755 });
  const found = await pythonRuntime([join(root, "missing"), old], true);
  expect(found).toEqual({
    reason: expect.stringMatching(/missing cannot be run; .*old is older than 3[.]9/) as string,
  });
});

test("a Python in a folder of its owner is for its owner only", async () => {
  const closed = join(root, "closed");
  await mkdir(closed, { mode: 0o700 });
  await writeFile(join(closed, "lib"), "");
  const python = join(root, "python");
  const description = JSON.stringify({
    executable: join(closed, "lib"),
    version: [3, 12, 1],
    library: closed,
  });
  await writeFile(python, `#!/bin/sh\necho '${description}'\n`, { mode: 0o755 });
  expect(await pythonRuntime([python], true)).toEqual({
    reason: expect.stringContaining("only its owner") as string,
  });
});
