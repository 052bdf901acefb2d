import { DEFAULT_RUN_LIMITS, type SandboxBackend } from "@mcp-optimizer/contracts";
import { createChannelBackend } from "@mcp-optimizer/sandbox-guest";
import { testPythonPrograms, testSandbox } from "@mcp-optimizer/testkit";
import { ATTACK_LIMITS } from "@mcp-optimizer/testkit/attacks";
import { join } from "node:path";
import { afterAll, expect, inject } from "vitest";
import { bringMachineParts, CACHE_FOLDER, openFolder } from "../test-machine.ts";
import { createSharedLauncher } from "./shared-launcher.ts";

const { kernel, reason } = await bringMachineParts();
const folder = await openFolder();
let shared: SandboxBackend | undefined;
let pythonBooted: Promise<void> | undefined;
afterAll(async () => {
  await shared?.dispose();
  await folder.remove();
});

const create = (): SandboxBackend =>
  createChannelBackend({
    name: "firecracker",
    launcher: createSharedLauncher({
      cacheFolder: CACHE_FOLDER,
      runFolder: join(folder.path, "run"),
      templates: inject("templates"),
      ...(kernel && { kernel }),
    }),
  });

/** One backend for all the file, so that a machine is booted once. A case that ends its backend gets another. */
function borrow(): SandboxBackend {
  if (shared) return create();
  shared = create();
  pythonBooted = bootPython(shared);
  pythonBooted.catch(() => undefined);
  return { ...shared, dispose: () => Promise.resolve() };
}

/** Boots the machine that guests with Python are copies of while the cases in JavaScript run: no case in Python waits for it. */
async function bootPython(backend: SandboxBackend): Promise<void> {
  const lease = await backend.lease({ tenant: "boot", limits: DEFAULT_RUN_LIMITS });
  const program = { language: "python", source: "0", namespaces: [] } as const;
  const { failure } = await lease.session.run(program, { call: () => Promise.resolve({ ok: true }) });
  await lease.dispose();
  expect(failure).toBeUndefined();
}

/** The machines of the attacks: a size of its own would be booted for bombs alone. */
const bombLimits = { memoryBytes: ATTACK_LIMITS.memoryBytes, diskBytes: ATTACK_LIMITS.diskBytes };

testSandbox({
  name: "qemu",
  ...(reason !== undefined && { unavailable: reason }),
  create: borrow,
  patience: 6,
  slowness: 4,
  repeats: 0.05,
  bombLimits,
  // The same agent runs them all in processes; a guest takes a second here.
  agentCases: "sample",
});

testPythonPrograms({
  name: "qemu",
  unavailable: reason,
  create: async () => {
    const backend = shared ?? borrow();
    await pythonBooted;
    return { ...backend, dispose: () => Promise.resolve() };
  },
  // The machine that is there: Python soon fills it, and another would be booted for this alone.
  bombLimits: {},
  agentCases: "sample",
});
