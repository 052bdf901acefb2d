import { testGuestLauncher } from "@mcp-optimizer/testkit";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, inject } from "vitest";
import { bringMachineParts, CACHE_FOLDER, openFolder } from "../test-machine.ts";
import { COPY_CASES } from "./copy-cases.ts";
import { bootOriginal, createCopyingLauncher } from "./copying-launcher.ts";
import { remains } from "./remains.ts";

const { kernel, reason } = await bringMachineParts();
const folder = await openFolder();
afterAll(() => folder.remove());

const MIB = 1024 * 1024;
const RESOURCES = {
  cpuMs: 60_000,
  memoryBytes: 256 * MIB,
  diskBytes: 24 * MIB,
  processes: 50,
  fileHandles: 100,
};
let booted = false;
const runFolder = join(folder.path, "run");
const templates = inject("templates");
const options = { cacheFolder: CACHE_FOLDER, runFolder, templates, ...(kernel && { kernel }) };

testGuestLauncher({
  name: "qemu",
  // What holds a guest knows nothing of its language; programs in Python are run by the sandbox's tests.
  languages: ["javascript"],
  extra: COPY_CASES,
  unavailable: reason,
  create: async () => {
    const launcher = createCopyingLauncher(options);
    if (!booted) await bootOriginal(launcher, RESOURCES);
    booted = true;
    return launcher;
  },
  resources: RESOURCES,
  remains: () => remains(runFolder),
  owner: [
    process.execPath,
    "--conditions=@mcp-optimizer/source",
    fileURLToPath(new URL("guest-owner-process.ts", import.meta.url)),
    JSON.stringify(options),
    JSON.stringify(RESOURCES),
  ],
});
