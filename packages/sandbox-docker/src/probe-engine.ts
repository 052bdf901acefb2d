import { OptimizerError, type Enforcement, type Language } from "@mcp-optimizer/contracts";
import type { EngineVersion } from "@mcp-optimizer/docker-engine";
import { NOTHING_ENFORCED, type LauncherProbe } from "@mcp-optimizer/sandbox-guest";
import { GVISOR_RUNTIME, RUNC_RUNTIME, type ContainerKind } from "./container-kind.ts";
import type { GuestImage } from "./image/guest-image.ts";
import { runcAdvisory } from "./runc-advisory.ts";
import { seccompProfile } from "./seccomp/seccomp-profile.ts";

/** Rejects when the daemon cannot hold guests of this kind at all. */
export function checkEngine(kind: ContainerKind, version: EngineVersion): void {
  const refuse = (detail: string): never => {
    throw new OptimizerError("sandbox_unavailable", { detail });
  };
  if (version.os !== "linux") refuse(`the container daemon runs ${version.os} containers; Linux is needed`);
  if (!version.canLimit.cpu) refuse("the container daemon cannot limit CPU; give it the cpu controller");
  if (kind === "gvisor") {
    if (version.runtimes[GVISOR_RUNTIME]) return;
    refuse(
      `the container daemon has no runtime ${GVISOR_RUNTIME}; install gVisor and register it in daemon.json`,
    );
  }
  if (!version.runtimes[RUNC_RUNTIME]) refuse(`the container daemon has no runtime ${RUNC_RUNTIME}`);
  if (!version.seccomp) refuse("the container daemon cannot use seccomp; enable it in the kernel");
  if (!seccompProfile(version.architecture))
    refuse(`there is no seccomp profile for ${version.architecture}`);
}

/** Describes a daemon that {@link checkEngine} accepted. */
export function describeEngine(
  kind: ContainerKind,
  version: EngineVersion,
  image: GuestImage,
): LauncherProbe {
  const { canLimit, components, engine } = version;
  const gvisorArgs = kind === "gvisor" ? (version.runtimes[GVISOR_RUNTIME] ?? []) : [];
  const cgroupsIgnored = gvisorArgs.some((argument) => IGNORES_CGROUPS.test(argument));
  // What stands behind a process of the guest was counted under ptrace; other platforms take fewer tasks.
  const countKnown = kind === "docker" || gvisorArgs.includes("--platform=ptrace");
  const held = (can: boolean): Enforcement => (can && !cgroupsIgnored ? "enforced" : "none");
  const processes = held(canLimit.processes);
  const advisory = kind === "docker" ? runcAdvisory(components["runc"]) : undefined;
  const warnings = [
    ...(advisory === undefined ? [] : [advisory]),
    ...(cgroupsIgnored
      ? [`${GVISOR_RUNTIME} is registered with --ignore-cgroups, so it holds neither memory nor processes`]
      : []),
    ...(kind === "gvisor" && !cgroupsIgnored ? [GVISOR_PROCESSES] : []),
    ...(canLimit.memory && !canLimit.swap
      ? ["the kernel does not account swap: a guest may swap out beyond its memory"]
      : []),
  ];
  return {
    available: true,
    versions: { ...components, engine },
    warnings,
    enforcement: {
      cpuMs: cgroupsIgnored ? "soft" : "enforced",
      memoryBytes: held(canLimit.memory),
      diskBytes: "enforced",
      processes: processes === "enforced" && !countKnown ? "soft" : processes,
      fileHandles: "enforced",
      network: "enforced",
      filesystem: "enforced",
    },
    languages: Object.keys(image.versions) as Language[],
  };
}

/** As Go reads flags: one dash or two, with a value or without. Rootless, gVisor ignores cgroups too. */
const IGNORES_CGROUPS = /^--?(ignore-cgroups|rootless)(=(1|t|true))?$/i;

const GVISOR_PROCESSES =
  "gVisor counts processes roughly, by tasks of the host; a guest that goes over the limit ends as a whole";

/** The probe of a daemon that cannot be used. */
export function unavailable(reason: string): LauncherProbe {
  return {
    available: false,
    reason,
    versions: {},
    warnings: [],
    enforcement: NOTHING_ENFORCED,
    languages: [],
  };
}
