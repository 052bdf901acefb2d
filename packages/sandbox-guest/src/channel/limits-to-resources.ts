import type { GuestResources, RunLimits } from "@mcp-optimizer/contracts";
import type { GuestAgent } from "../guest-launcher.ts";

const MIB = 1024 * 1024;
/** Node and Python themselves, with the agent, do not start in less. */
const LEAST_MEMORY = 128 * MIB;
/** What Node takes beside its heap. */
const BESIDE_HEAP = 64 * MIB;
const LEAST_HEAP = 16 * MIB;
/** CPU time for the start of an agent, which is not the program's. */
const START_CPU_MS = 5_000;

/** What the launcher holds a guest to, with the CPU time of earlier programs. The session holds each program more closely. */
export function limitsToResources(limits: Readonly<RunLimits>, earlierCpuMs: number): GuestResources {
  const { cpuMs, memoryBytes, diskBytes, processes, fileHandles } = limits;
  return {
    cpuMs: cpuMs + START_CPU_MS + earlierCpuMs,
    memoryBytes: Math.max(memoryBytes, LEAST_MEMORY),
    diskBytes,
    processes,
    fileHandles,
  };
}

/** Whether a guest that was started for some limits may serve a run with others: the session alone holds CPU time that is lower. */
export function serves(started: Readonly<RunLimits>, asked: Readonly<RunLimits>): boolean {
  const same = (["memoryBytes", "diskBytes", "processes", "fileHandles"] as const).every(
    (name) => started[name] === asked[name],
  );
  return same && asked.cpuMs <= started.cpuMs;
}

/** The agent, told what its heap and its programs may take: a heap that is full is told from a guest that was ended. */
export function withHeapLimit(agent: GuestAgent, limits: Readonly<RunLimits>): GuestAgent {
  const [command, ...rest] = agent.command;
  if (command !== "node") {
    return agent;
  }
  const left = Math.max(limits.memoryBytes, LEAST_MEMORY) - BESIDE_HEAP;
  const heap = Math.max(LEAST_HEAP, Math.min(limits.memoryBytes, left));
  const room = agent.reusable === true ? [String(heap)] : [];
  return { ...agent, command: [command, `--max-old-space-size=${Math.floor(heap / MIB)}`, ...rest, ...room] };
}
