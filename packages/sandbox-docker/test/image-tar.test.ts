import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { extract, type Header } from "tar-stream";
import { expect, test } from "vitest";
import { filesBelow } from "../src/image/files-below.ts";
import { imageTar } from "../src/image/image-tar.ts";
import { parseLdd } from "../src/image/shared-libraries.ts";

async function read(tar: NodeJS.ReadableStream): Promise<Map<string, Header & { content: string }>> {
  const archive = extract();
  tar.pipe(archive);
  const found = new Map<string, Header & { content: string }>();
  for await (const entry of archive) {
    const { name } = entry.header;
    expect(found.has(name), `${name} twice`).toBe(false);
    found.set(name, { ...entry.header, content: await text(entry) });
  }
  return found;
}

test("folders above files, modes, times and links are in the archive", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-tar-"));
  await writeFile(join(folder, "tool"), "#!");
  await writeFile(join(folder, "empty"), "");
  await utimes(join(folder, "tool"), 1_000_000, 1_000_000);
  const found = await read(
    imageTar(
      [{ path: "tmp", mode: 0o1777 }],
      [
        { path: "usr/bin/tool", source: join(folder, "tool"), executable: true },
        { path: "usr/bin/tool", source: join(folder, "tool"), executable: true },
        { path: "usr/lib/empty", source: join(folder, "empty") },
        { path: "usr/bin/alias", link: "tool" },
        { path: "etc/note", content: "words" },
      ],
    ),
  );
  await rm(folder, { recursive: true });
  expect([...found.keys()]).toEqual([
    "tmp/",
    "usr/",
    "usr/bin/",
    "usr/bin/tool",
    "usr/lib/",
    "usr/lib/empty",
    "usr/bin/alias",
    "etc/",
    "etc/note",
  ]);
  expect(found.get("tmp/")).toMatchObject({ type: "directory", mode: 0o1777, uid: 0 });
  expect(found.get("usr/bin/tool")).toMatchObject({
    mode: 0o755,
    content: "#!",
    mtime: new Date(1_000_000_000),
  });
  expect(found.get("usr/lib/empty")).toMatchObject({ mode: 0o644, size: 0 });
  expect(found.get("usr/bin/alias")).toMatchObject({ type: "symlink", linkname: "tool" });
  expect(found.get("etc/note")).toMatchObject({ mode: 0o444, content: "words" });
});

test("files below a folder, with links followed and broken ones left out", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-tar-"));
  await mkdir(join(folder, "b"));
  await writeFile(join(folder, "b/file"), "");
  await symlink("b/file", join(folder, "alias"));
  await symlink("nowhere", join(folder, "broken"));
  await symlink("b", join(folder, "c"));
  expect(await filesBelow(folder)).toEqual(["alias", "b/file"]);
  await rm(folder, { recursive: true });
});

test("a file that is not there fails the archive", async () => {
  const tar = imageTar([], [{ path: "x", source: "/nonexistent/x" }]);
  await expect(text(tar)).rejects.toThrow("ENOENT");
});

test("reads what ldd says", () => {
  const output = [
    "\tlinux-vdso.so.1 (0x00007fc369872000)",
    "\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007fc36985c000)",
    "\tlibmissing.so => not found",
    "\t/lib64/ld-linux-x86-64.so.2 (0x00007fc369874000)",
    "\tstatically linked",
  ];
  expect(parseLdd(output.join("\n"))).toEqual([
    "/lib/x86_64-linux-gnu/libdl.so.2",
    "/lib64/ld-linux-x86-64.so.2",
  ]);
});
