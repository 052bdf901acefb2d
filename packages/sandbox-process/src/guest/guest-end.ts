import type { GuestEnd } from "@mcp-optimizer/sandbox-guest";
import { constants } from "node:os";
import type { ProcessExit } from "./started-process.ts";

/** What is known of a guest's end. */
export interface EndFacts {
  readonly exit: ProcessExit;
  /** Why the host ended it, if it did. */
  readonly killedFor: "killed" | "memory" | "cpu" | undefined;
  /** Processes that the kernel ended because the guest's memory was used up. */
  readonly memoryKills: number;
  readonly cpuMs: number | undefined;
  readonly cpuLimitMs: number;
  /** Whether no cgroup holds the memory: allocations fail then, instead of the kernel ending the guest. */
  readonly softMemory: boolean;
  readonly stderr: string;
}

const OUT_OF_MEMORY = /out of memory|allocation failed|bad_alloc|MemoryError/i;
const FAULTS: ReadonlySet<string> = new Set(["SIGABRT", "SIGTRAP", "SIGILL", "SIGSEGV"]);

/** Tells from what is known why a guest ended. */
export function guestEnd(facts: EndFacts): GuestEnd {
  const { code, signal } = plainExit(facts.exit);
  const cpuTime = facts.cpuMs === undefined ? "" : `; ${Math.round(facts.cpuMs)} ms of CPU time`;
  const words = facts.stderr === "" ? "" : `; stderr: ${facts.stderr}`;
  const how = signal === null ? `exit code ${code}` : `ended by ${signal}`;
  return { reason: facts.killedFor ?? ownReason(facts, signal), detail: `${how}${cpuTime}${words}` };
}

function ownReason(facts: EndFacts, signal: string | null): GuestEnd["reason"] {
  if (signal === "SIGKILL" && facts.memoryKills > 0) return "memory";
  if (signal === "SIGXCPU") return "cpu";
  if (signal === "SIGKILL" && (facts.cpuMs ?? 0) >= facts.cpuLimitMs) return "cpu";
  if (facts.softMemory && signal !== null && FAULTS.has(signal) && OUT_OF_MEMORY.test(facts.stderr))
    return "memory";
  return "exited";
}

/** Shells and bubblewrap tell a signal as 128 and its number. */
function plainExit({ code, signal }: ProcessExit): { code: number | null; signal: string | null } {
  if (signal !== null || code === null || code <= 128) return { code, signal };
  const named = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return named === undefined ? { code, signal } : { code: null, signal: named[0] };
}
