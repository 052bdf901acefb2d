import type { SandboxBackend } from "@mcp-optimizer/contracts";
import { testPythonPrograms, testSandbox } from "@mcp-optimizer/testkit";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createFirecrackerSandbox } from "../../src/index.ts";
import { bringMachineParts, CACHE_FOLDER, openFolder } from "../test-machine.ts";

const { kernel, reason } = await bringMachineParts();
const folder = await openFolder();
let shared: SandboxBackend | undefined;
afterAll(async () => {
  await shared?.dispose();
  await folder.remove();
});

const create = (): SandboxBackend =>
  createFirecrackerSandbox({
    vmm: "qemu",
    cacheFolder: CACHE_FOLDER,
    runFolder: join(folder.path, "run"),
    ...(kernel && { kernel }),
  });

/** One backend for all the file, so that a machine is booted once. A case that ends its backend gets another. */
function borrow(): SandboxBackend {
  if (shared) return create();
  shared = create();
  return { ...shared, dispose: () => Promise.resolve() };
}

testSandbox({
  name: "qemu",
  ...(reason !== undefined && { unavailable: reason }),
  create: borrow,
  patience: 6,
  slowness: 4,
  repeats: 0.1,
});

testPythonPrograms({
  name: "qemu",
  unavailable: reason,
  create: () => ({ ...(shared ?? create()), dispose: () => Promise.resolve() }),
});
