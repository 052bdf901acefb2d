import type { LauncherProbe } from "./guest-launcher.ts";

/** What a launcher that cannot be used says that it holds. */
export const NOTHING_ENFORCED: LauncherProbe["enforcement"] = {
  cpuMs: "none",
  memoryBytes: "none",
  diskBytes: "none",
  processes: "none",
  fileHandles: "none",
  network: "none",
  filesystem: "none",
};
