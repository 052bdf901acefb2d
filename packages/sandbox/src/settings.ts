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
