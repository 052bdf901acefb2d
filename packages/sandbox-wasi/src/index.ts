export { createWasiSandbox, type WasiSandboxOptions } from "./create-wasi-sandbox.ts";
