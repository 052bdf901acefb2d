import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { confinedCommand } from "../../src/host/confined-command.ts";

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
