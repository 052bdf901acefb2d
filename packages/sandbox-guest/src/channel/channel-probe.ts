import type { Language, SandboxProbe } from "@mcp-optimizer/contracts";
import type { LauncherProbe } from "../guest-launcher.ts";

/** What a launcher can do, as a sandbox says it. Limits of frames, calls and time are the host's own, whatever the guest is. */
export function channelProbe(probe: LauncherProbe, languages: readonly Language[]): SandboxProbe {
  return {
    available: probe.available,
    ...(probe.reason === undefined ? {} : { reason: probe.reason }),
    languages: probe.languages.filter((language) => languages.includes(language)),
    versions: probe.versions,
    warnings: probe.warnings,
    enforcement: {
      ...probe.enforcement,
      wallMs: "enforced",
      consoleBytes: "enforced",
      calls: "enforced",
      callsAtOnce: "enforced",
      argumentBytes: "enforced",
      replyBytes: "enforced",
      valueBytes: "enforced",
    },
  };
}
