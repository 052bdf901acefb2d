export { HardenedSandbox, type HardenedSandboxOptions } from "./hardened-sandbox.ts";
export { openSandbox, type OpenSandboxOptions } from "./open-sandbox.ts";
export { parseSandboxSettings } from "./parse-sandbox-settings.ts";
export { probeReason } from "./probe-reason.ts";
export { probeSandboxes, type ProbedSandbox } from "./probe-sandboxes.ts";
export type { ExecuteOptions, ExecuteResult } from "./program-runner.ts";
export { isSandboxName, SANDBOX_NAMES, unknownSandbox, type SandboxName } from "./sandbox-name.ts";
export {
  SANDBOX_BOUNDS,
  SandboxSettingsSchema,
  type ContainerSettings,
  type MachineSettings,
  type ProcessSettings,
  type SandboxSettings,
  type WasiSettings,
} from "./sandbox-settings.ts";
export { SecureSandbox, type SecureSandboxOptions } from "./secure-sandbox.ts";
