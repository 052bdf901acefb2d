export { EVAL_AGENTS } from "./sandbox/launcher/eval-agents.ts";
export { openEvalGuest, type EvalAnswer, type EvalGuest } from "./sandbox/launcher/eval-guest.ts";
export type { LauncherCase, LauncherCaseContext } from "./sandbox/launcher/launcher-case.ts";
export { testGuestLauncher, type GuestLauncherSuite } from "./sandbox/test-guest-launcher.ts";
