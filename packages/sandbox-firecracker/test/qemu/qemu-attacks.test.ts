import { testAttacks } from "@mcp-optimizer/testkit";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createFirecrackerSandbox } from "../../src/index.ts";
import { bringMachineParts, CACHE_FOLDER, openFolder } from "../test-machine.ts";

const { kernel, reason } = await bringMachineParts();
const folder = await openFolder();
afterAll(() => folder.remove());

// A processor that is emulated takes minutes for all attacks: `npm run attack -- --backend firecracker` runs them.
testAttacks({
  name: "qemu",
  ...(reason !== undefined && { unavailable: reason }),
  create: (limits) =>
    createFirecrackerSandbox({
      vmm: "qemu",
      cacheFolder: CACHE_FOLDER,
      runFolder: join(folder.path, "run"),
      pool: { size: 2, limits },
      ...(kernel && { kernel }),
    }),
  patience: 6,
  slowness: 8,
  alternate: true,
  sample: 30,
});
