import { createChannelBackend } from "@mcp-optimizer/sandbox-guest";
import { testAttacks } from "@mcp-optimizer/testkit";
import { join } from "node:path";
import { afterAll, inject } from "vitest";
import { bringMachineParts, CACHE_FOLDER, openFolder } from "../test-machine.ts";
import { createSharedLauncher } from "./shared-launcher.ts";

const { kernel, reason } = await bringMachineParts();
const folder = await openFolder();
afterAll(() => folder.remove());

// A processor that is emulated takes minutes for all attacks: `npm run attack -- --backend firecracker` runs them.
testAttacks({
  name: "qemu",
  ...(reason !== undefined && { unavailable: reason }),
  create: (limits) =>
    createChannelBackend({
      name: "firecracker",
      launcher: createSharedLauncher({
        cacheFolder: CACHE_FOLDER,
        runFolder: join(folder.path, "run"),
        templates: inject("templates"),
        ...(kernel && { kernel }),
      }),
      pool: { size: 2, limits },
    }),
  patience: 6,
  slowness: 8,
  alternate: true,
  sample: 30,
});
