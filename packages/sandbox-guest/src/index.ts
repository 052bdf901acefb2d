export { checkResources } from "./check-resources.ts";
export { CpuWatch, type CpuWatchOptions } from "./cpu-watch.ts";
export { DEFAULT_GUEST_RESOURCES } from "./default-guest-resources.ts";
export type {
  GuestAgent,
  GuestChannel,
  GuestEnd,
  GuestLauncher,
  GuestResources,
  LauncherProbe,
} from "./guest-launcher.ts";
export { isOwnerGone, ownerText } from "./guest-owner.ts";
export { TextTail } from "./text-tail.ts";
