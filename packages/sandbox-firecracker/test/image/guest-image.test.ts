import { readdir, stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { buildGuestImage } from "../../src/image/guest-image.ts";
import { bringImageParts, openFolder } from "../test-machine.ts";

const { reason } = await bringImageParts();

test.skipIf(reason !== undefined)(
  `an image is built once, by whoever needs it ${reason ?? ""}`,
  { timeout: 60_000 },
  async () => {
    const folder = await openFolder();
    const options = { cacheFolder: folder.path, node: process.execPath, python: undefined, compiler: "cc" };
    try {
      const [one, other] = await Promise.all([buildGuestImage(options), buildGuestImage(options)]);
      expect(one).toEqual(other);
      expect(one.programs.javascript).toContain("/usr/bin/node");
      expect(one.programs.python).toBeUndefined();
      const before = await stat(one.drive);
      expect(await buildGuestImage(options)).toEqual(one);
      expect((await stat(one.drive)).mtimeMs).toBe(before.mtimeMs);
      expect(await readdir(folder.path)).toHaveLength(1);
      await expect(buildGuestImage({ ...options, compiler: "false", node: "/bin/true" })).rejects.toThrow(
        "false",
      );
      expect(await readdir(folder.path)).toHaveLength(1);
    } finally {
      await folder.remove();
    }
  },
);
