import { DEFAULT_GUEST_RESOURCES, readGuestAgents } from "@mcp-optimizer/sandbox-guest";
import { DEFAULT_RUN_LIMITS, type GuestProgram, type SandboxBackend } from "@mcp-optimizer/contracts";
import { ensureGuestKernel } from "@mcp-optimizer/services";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createFirecrackerLauncher, createFirecrackerSandbox } from "../../src/index.ts";
import { CACHE_FOLDER, openFolder } from "../test-machine.ts";

// Prints what QEMU guests cost on this machine: node --conditions=@mcp-optimizer/source packages/sandbox-firecracker/test/qemu/measure-guests.ts

const RUNS = 15;
const PROGRAM: GuestProgram = {
  language: "javascript",
  source: `async () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({ i, at: Math.random() })).sort((a, b) => a.at - b.at);
    return [rows.length, await Promise.all([1, 2, 3].map((n) => fixture.echo(n)))];
  }`,
  namespaces: [{ name: "fixture", tools: ["echo"] }],
};
const folder = await openFolder();
const kernel = await ensureGuestKernel(CACHE_FOLDER);
const options = {
  vmm: "qemu",
  kernel,
  cacheFolder: CACHE_FOLDER,
  runFolder: join(folder.path, "run"),
} as const;
const print = (name: string, figure: string): void =>
  void process.stdout.write(`${name.padEnd(44)}${figure}\n`);
const part = (times: readonly number[], share: number): string =>
  `${times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))]?.toFixed(0)} ms`;

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}

async function measureStarts(): Promise<void> {
  const launcher = createFirecrackerLauncher(options);
  const { javascript } = await readGuestAgents();
  for (const [name, clonable] of [
    ["boot, image from the cache", false],
    ["boot of an original, and its first copy", true],
    ["copy", true],
    ["copy, once more", true],
  ] as const) {
    const { ms, result } = await timed(() =>
      launcher.launch({ ...javascript, clonable }, DEFAULT_GUEST_RESOURCES),
    );
    print(
      name,
      `${ms.toFixed(0)} ms, ${(((await result.usage()).memoryBytes ?? 0) / 2 ** 20).toFixed(0)} MiB`,
    );
    await result.kill();
  }
  await launcher.dispose();
}

async function runOnce(sandbox: SandboxBackend): Promise<{ ms: number; cpuMs: number }> {
  const lease = await sandbox.lease({ tenant: "bench", limits: DEFAULT_RUN_LIMITS });
  const call = async (): Promise<{ ok: true; value: number }> => ({ ok: true, value: 1 });
  const { ms, result } = await timed(() => lease.session.run(PROGRAM, { call }));
  await lease.dispose();
  return { ms, cpuMs: result.usage.cpuMs };
}

await measureStarts();
const sandbox = createFirecrackerSandbox({ ...options, pool: { size: 1 } });
await runOnce(sandbox);
const runs: { ms: number; cpuMs: number }[] = [];
for (let run = 0; run < RUNS; run++) {
  // The guest taken last is replaced meanwhile: this is the latency of a pool that keeps up.
  await setTimeout(3_000);
  runs.push(await runOnce(sandbox));
}
await sandbox.dispose();
const times = runs.map(({ ms }) => ms);
print("run in a guest that waits, p50 / p95", `${part(times, 0.5)} / ${part(times, 0.95)}`);
print(
  "CPU of such a run, p50",
  part(
    runs.map(({ cpuMs }) => cpuMs),
    0.5,
  ),
);
await folder.remove();
