import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jailedFiles } from "../../src/firecracker/machine-files.ts";
import { openFolder } from "../test-machine.ts";

test("a jail's files are put in place, and nothing that is there already is written to", async () => {
  const folder = await openFolder();
  try {
    const at = (name: string): string => join(folder.path, name);
    for (const name of ["kernel", "initrd", "drive", "victim"]) await writeFile(at(name), name);
    const spec = {
      id: "m-1",
      folder: at("machine"),
      memoryMib: 1,
      user: undefined,
      openReadOnly: "",
      kernel: at("kernel"),
      initrd: at("initrd"),
      drive: at("drive"),
    };
    const { folder: root } = await jailedFiles(spec, "/usr/bin/firecracker");
    expect(await readFile(join(root, "drive"), "utf8")).toBe("drive");
    const planted = join(at("other"), "firecracker", "m-2", "root");
    await mkdir(planted, { recursive: true });
    await writeFile(join(planted, "drive"), "victim");
    await expect(
      jailedFiles({ ...spec, id: "m-2", folder: at("other") }, "/usr/bin/firecracker"),
    ).rejects.toMatchObject({ code: "EEXIST" });
    expect(await readFile(join(planted, "drive"), "utf8")).toBe("victim");
  } finally {
    await folder.remove();
  }
});
