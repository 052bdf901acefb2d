// oxlint-disable-next-line typescript/triple-slash-reference -- a package that reads these sources needs the global type too
/// <reference path="./web-assembly.d.ts" />
export { readWasmAgent } from "./agent/read-wasm-agent.ts";
export { createWasiSandbox, type WasiSandbox, type WasiSandboxOptions } from "./create-wasi-sandbox.ts";
export { createWasmRunner, type WasmRunner } from "./create-wasm-runner.ts";
export type { ModuleLimits } from "./module/module-messages.ts";
export type { ModuleOutcome, ModuleOutput, ModuleRunner, ModuleRunOptions } from "./module/module-run.ts";
