export { createBasicLauncher, type BasicLauncherOptions } from "./create-basic-launcher.ts";
export type { ProcessGuestOptions } from "./create-process-launcher.ts";
export { createSeccompLauncher, type SeccompLauncherOptions } from "./create-seccomp-launcher.ts";
export { createBasicSandbox, type BasicSandboxOptions } from "./create-basic-sandbox.ts";
export { createSeccompSandbox, type SeccompSandboxOptions } from "./create-seccomp-sandbox.ts";
