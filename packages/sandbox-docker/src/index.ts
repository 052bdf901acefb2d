export {
  createDockerLauncher,
  createGvisorLauncher,
  type DockerLauncherOptions,
} from "./create-docker-launcher.ts";
export { ensureLocalGuestImage, type LocalImageSources } from "./image/local-guest-image.ts";
export { GUEST_IMAGE_LABEL, type GuestImage } from "./image/guest-image.ts";
export { seccompProfile, type SeccompProfile, type SeccompRule } from "./seccomp/seccomp-profile.ts";
export {
  createDockerSandbox,
  createGvisorSandbox,
  type DockerSandboxOptions,
} from "./create-docker-sandbox.ts";
