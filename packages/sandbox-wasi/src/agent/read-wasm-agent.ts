import { readHarness, type GuestAgent } from "@mcp-optimizer/sandbox-guest";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { enginePath } from "../pool/engine-modules.ts";
import { withMemoryMaximum } from "../vm/with-memory-maximum.ts";
import type { TemplateOrder } from "./template-worker.ts";

/** As TypeScript when this package is used from source; the guest's Node reads both. */
const ENDING = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Everything that the agent imports, by its path from this package's sources. */
const MODULES = [
  "agent/agent",
  "agent/realm-agent",
  "agent/stop-frame",
  "vm/engine",
  "vm/engine-error",
  "vm/engine-imports",
  "vm/memory-image",
  "vm/packed-template",
  "vm/realm",
  "vm/wasm-sections",
  "vm/with-memory-maximum",
  "worker/meter",
  "worker/program",
  "worker/rejections",
  "worker/warm-up",
];
/** Of the engine while its template is built: 16 MiB. */
const TEMPLATE_PAGES = 256;
/** So that a program's recursion ends at the engine's own limit: the stack of a thread is 8 MiB. */
const STACK_KIB = 3_900;

/**
 * Reads an agent for guests with Node that runs each JavaScript program in a fresh realm of a WebAssembly engine, so that one guest
 * serves many programs of one tenant.
 */
export async function readWasmAgent(): Promise<GuestAgent> {
  const engine = await readFile(enginePath());
  const [realm, ...modules] = await Promise.all([
    packedTemplate(engine),
    ...MODULES.map((name) => readFile(new URL(`../${name}.${ENDING}`, import.meta.url), "utf8")),
  ]);
  return {
    language: "javascript",
    command: ["node", `--stack-size=${STACK_KIB}`, `/guest/agent/agent.${ENDING}`],
    files: {
      "package.json": '{"type":"module"}',
      "engine.wasm": engine,
      "realm.bin": realm,
      ...Object.fromEntries(MODULES.map((name, index) => [`${name}.${ENDING}`, modules[index]!])),
    },
    reusable: true,
  };
}

/** Built in a thread: it takes about 0.1 s. */
async function packedTemplate(engine: Uint8Array): Promise<Uint8Array> {
  const order: TemplateOrder = {
    module: await WebAssembly.compile(withMemoryMaximum(engine, TEMPLATE_PAGES)),
    harness: await readHarness(),
  };
  const worker = new Worker(new URL(`template-worker.${ENDING}`, import.meta.url), {
    workerData: order,
    env: {},
    execArgv: [],
  });
  try {
    const [packed] = (await once(worker, "message")) as [Uint8Array];
    return packed;
  } finally {
    await worker.terminate();
  }
}
