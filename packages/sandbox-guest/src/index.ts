export { checkResources, type ResourceRanges } from "./check-resources.ts";
export { CpuWatch, type CpuWatchOptions } from "./cpu-watch.ts";
export { DEFAULT_GUEST_RESOURCES } from "./default-guest-resources.ts";
export type { GuestAgent, GuestChannel, GuestEnd, GuestLauncher, LauncherProbe } from "./guest-launcher.ts";
export { NOTHING_ENFORCED } from "./nothing-enforced.ts";
export { systemClock } from "./system-clock.ts";
export { isOwnerGone, ownerText } from "./guest-owner.ts";
export { TextTail } from "./text-tail.ts";
export { encodeStart } from "./encode-start.ts";
export type { FrameCall, GuestFrame } from "./guest-frame.ts";
export { asFailure, GuestRun, type GuestResult } from "./guest-run.ts";
export { HostCallGate, type HostCallGateOptions } from "./host-call-gate.ts";
export { parseFrame } from "./parse-frame.ts";
export { parseGuestJson } from "./parse-guest-json.ts";
export { readHarness } from "./read-harness.ts";
export { stringifyJson } from "./stringify-json.ts";
export {
  createChannelBackend,
  type ChannelBackendOptions,
  type ChannelPoolOptions,
  type ChannelSandboxOptions,
} from "./channel/create-channel-backend.ts";
export { readGuestAgents } from "./channel/read-guest-agents.ts";
export type { ReuseOptions } from "./channel/tenant-guests.ts";
