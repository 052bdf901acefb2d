import { execFileSync } from "node:child_process";
import { chmod, chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildOpenReadOnly } from "../../src/image/build-open-read-only.ts";
import { bringImageParts, openFolder } from "../test-machine.ts";
import { confinedCommand } from "../../src/host/confined-command.ts";

const { reason } = await bringImageParts();
const OPEN_TO_WRITE = `
import errno, mmap, os, sys
def name(work):
    try: return work()
    except OSError as error: return errno.errorcode[error.errno]
file = name(lambda: os.open(sys.argv[1], os.O_RDWR))
if isinstance(file, str): sys.exit(print(file))
mmap.mmap(file, 6, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE)[0] = 88
print(os.read(file, 9).decode(), name(lambda: os.write(file, b"x")), name(lambda: mmap.mmap(file, 6)))
`;
const REPORT =
  "ulimit -c; ulimit -n; ulimit -v; ulimit -f; grep -E 'NoNewPrivs|^Uid|^Groups' /proc/self/status";

function report(user: { uid: number; gid: number } | undefined): string[] {
  const bounds = { user, fileHandles: 64, addressBytes: 2 ** 30, fileBytes: 0 };
  const [file = "", ...args] = confinedCommand(bounds, ["sh", "-c", REPORT]);
  return execFileSync(file, args, { encoding: "utf8" }).trim().split("\n");
}

test("a confined command has its limits, and gains no privileges", () => {
  const [core, handles, address, file, ...status] = report(undefined);
  expect([core, handles, address, file]).toEqual(["0", "64", String(2 ** 20), "0"]);
  expect(status).toContain("NoNewPrivs:\t1");
});

test.skipIf(process.getuid?.() !== 0)(
  "a confined command of root runs as another user, without groups",
  () => {
    const status = report({ uid: 65_533, gid: 65_532 });
    expect(status).toContain("Uid:\t65533\t65533\t65533\t65533");
    expect(status.find((line) => line.startsWith("Groups:"))?.trim()).toBe("Groups:");
  },
);

test.skipIf(process.getuid?.() !== 0 || reason !== undefined)(
  `a file that a confined command may only read is opened for reading ${reason ?? ""}`,
  async () => {
    const folder = await openFolder();
    try {
      const library = join(folder.path, "library.so");
      await buildOpenReadOnly("cc", library);
      const file = join(folder.path, "memory");
      await writeFile(file, "memory");
      await chown(file, 0, 65_531);
      await chmod(file, 0o440);
      const attempt = (bounds: { group?: number; preload?: string }): string => {
        const user = { uid: 65_533, gid: 65_532 };
        const open = ["/usr/bin/python3", "-c", OPEN_TO_WRITE, file];
        const [command = "", ...args] = confinedCommand({ user, fileHandles: 64, ...bounds }, open);
        return execFileSync(command, args, { encoding: "utf8" }).trim();
      };
      expect(attempt({})).toBe("EACCES");
      expect(attempt({ preload: library })).toBe("EACCES");
      expect(attempt({ group: 65_531 })).toBe("EACCES");
      expect(attempt({ group: 65_531, preload: library })).toBe("memory EBADF EACCES");
    } finally {
      await folder.remove();
    }
  },
);
