import { mkdir, readdir, rmdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
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
    const dead = join(folder.path, "image-0.1.tmp");
    const running = join(folder.path, "image-0.2.tmp");
    try {
      for (const work of [dead, running]) await mkdir(join(work, "root"), { recursive: true });
      await utimes(dead, 1, 1);
      const [one, other] = await Promise.all([buildGuestImage(options), buildGuestImage(options)]);
      expect(one).toEqual(other);
      expect(one.programs.javascript).toContain("/usr/bin/node");
      expect(one.programs.python).toBeUndefined();
      expect(await readdir(folder.path)).not.toContain("image-0.1.tmp");
      await rmdir(join(running, "root"));
      await rmdir(running);
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
