export { encodeStart } from "./encode-start.ts";
export type { FrameCall, GuestFrame } from "./guest-frame.ts";
export { asFailure, GuestRun, type GuestResult } from "./guest-run.ts";
export { HostCallGate, type HostCallGateOptions } from "./host-call-gate.ts";
export { parseFrame } from "./parse-frame.ts";
export { parseGuestJson } from "./parse-guest-json.ts";
export { readHarness } from "./read-harness.ts";
export { stringifyJson } from "./stringify-json.ts";
