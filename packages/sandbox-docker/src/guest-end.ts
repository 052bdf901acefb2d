import type { ContainerState } from "@mcp-optimizer/docker-engine";
import type { GuestEnd } from "@mcp-optimizer/sandbox-guest";

const SIGKILL_EXIT = 137;

/** What is known when a container ended. */
export interface EndFacts {
  /** Why this side killed it, if it did. */
  readonly killedFor: "killed" | "cpu" | undefined;
  /** False when the daemon was lost before the end was seen. */
  readonly seen: boolean;
  /** `undefined` when it is gone already. */
  readonly state: ContainerState | undefined;
  /** Whether it ran long enough to reach the kernel's CPU limit. */
  readonly cpuLimitPossible: boolean;
  readonly stderr: string;
}

/** Tells why a guest ended. */
export function guestEnd({ killedFor, seen, state, cpuLimitPossible, stderr }: EndFacts): GuestEnd {
  const said = stderr === "" ? "" : `; stderr: ${stderr}`;
  if (killedFor === "cpu") return { reason: "cpu", detail: `over its CPU limit${said}` };
  if (killedFor === "killed") return { reason: "killed", detail: `killed by its owner${said}` };
  if (!seen) return { reason: "lost", detail: `the container daemon was lost${said}` };
  if (!state) return { reason: "killed", detail: `removed from outside${said}` };
  const code = `exit code ${state.exitCode}${said}`;
  if (state.outOfMemory) return { reason: "memory", detail: `out of memory, ${code}` };
  if (state.exitCode !== SIGKILL_EXIT) return { reason: "exited", detail: code };
  // In a kernel of its own a program can kill all of its guest: it may not pass for a fault of the machine.
  return cpuLimitPossible
    ? { reason: "cpu", detail: `over its CPU limit, ${code}` }
    : { reason: "exited", detail: `ended by SIGKILL, ${code}` };
}
