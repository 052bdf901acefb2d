import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { readKernelModules } from "../../src/image/kernel-modules.ts";
import { openFolder } from "../test-machine.ts";

const module = (name: string, depends = ""): Buffer =>
  Buffer.from(`\x7fELF\0license=GPL\0depends=${depends}\0name=${name}\0`);

test("modules come after what they depend on, unpacked, each once", async () => {
  const folder = await openFolder();
  try {
    await mkdir(join(folder.path, "kernel/drivers"), { recursive: true });
    const at = (name: string): string => join(folder.path, "kernel/drivers", name);
    await writeFile(at("virtio.ko"), module("virtio", "ring-one"));
    await writeFile(at("ring-one.ko.gz"), gzipSync(module("ring_one")));
    await writeFile(at("virtio_blk.ko.zst"), zstdCompressSync(module("virtio_blk", "virtio,ring_one")));
    await writeFile(
      at("virtio-pci.ko.xz"),
      execFileSync("xz", ["-c"], { input: module("virtio_pci", "virtio,circle") }),
    );
    await writeFile(at("circle.ko"), module("circle", "virtio_pci"));
    const modules = await readKernelModules(folder.path, ["virtio_pci", "virtio-blk", "built_in"]);
    expect(modules.map(({ name }) => name).filter((name) => name !== "circle")).toEqual([
      "ring_one",
      "virtio",
      "virtio_pci",
      "virtio_blk",
    ]);
    for (const { name, content } of modules) expect(content.includes(`name=${name}\0`)).toBe(true);
  } finally {
    await folder.remove();
  }
});
