export {
  createSeccompLauncher,
  type ProcessGuestOptions,
  type SeccompLauncherOptions,
} from "./create-seccomp-launcher.ts";
