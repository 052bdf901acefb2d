import { testSandbox } from "@mcp-optimizer/testkit";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createQemuSandbox } from "../../src/index.ts";
import { bringMachineParts, CACHE_FOLDER, openFolder } from "../test-machine.ts";

const { kernel, reason } = await bringMachineParts();
const folder = await openFolder();
afterAll(() => folder.remove());

testSandbox({
  name: "qemu",
  ...(reason !== undefined && { unavailable: reason }),
  create: () =>
    createQemuSandbox({
      cacheFolder: CACHE_FOLDER,
      runFolder: join(folder.path, "run"),
      ...(kernel && { kernel }),
    }),
});
