import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { misbehavingServerCommand } from "@mcp-optimizer/testkit";
import { expect, test, vi } from "vitest";
import { BOUND, counted } from "./harness.ts";
import { processesWith } from "./processes-with.ts";

test("kill -9 of the parent leaves no grandchild, though it ignores EOF and SIGTERM", async () => {
  const marker = `orphan-${crypto.randomUUID()}`;
  const { server } = counted(misbehavingServerCommand("unkillable"));
  const parent = spawn(
    process.execPath,
    [
      "--conditions=@mcp-optimizer/source",
      fileURLToPath(new URL("parent.ts", import.meta.url)),
      JSON.stringify({ name: "stubborn", kind: "stdio", ...server, env: { MARKER: marker } }),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  expect(line.toString()).toBe("ready\n");
  // The wrapping shell and the server itself.
  expect(processesWith(marker).length).toBeGreaterThanOrEqual(2);
  parent.kill("SIGKILL");
  await once(parent, "exit");
  await vi.waitFor(() => expect(processesWith(marker)).toEqual([]), BOUND);
});
