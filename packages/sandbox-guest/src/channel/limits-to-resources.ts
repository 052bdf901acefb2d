import type { RunLimits } from "@mcp-optimizer/contracts";
import type { GuestAgent, GuestResources } from "../guest-launcher.ts";

const MIB = 1024 * 1024;
/** Node and Python themselves, with the agent, do not start in less. */
const LEAST_MEMORY = 128 * MIB;
/** What Node takes beside its heap. */
const BESIDE_HEAP = 64 * MIB;
const LEAST_HEAP = 16 * MIB;
/** CPU time for the start of an agent, which is not the program's. */
const START_CPU_MS = 5_000;

/** What the launcher holds a guest to. The session holds the program to its CPU time more closely. */
export function limitsToResources(
  limits: Readonly<RunLimits>,
  resources: Omit<GuestResources, "cpuMs" | "memoryBytes">,
): GuestResources {
  return {
    ...resources,
    cpuMs: limits.cpuMs + START_CPU_MS,
    memoryBytes: Math.max(limits.memoryBytes, LEAST_MEMORY),
  };
}

/** The agent, told how large its heap may be: a heap that is full is told from a guest that was ended. */
export function withHeapLimit(agent: GuestAgent, limits: Readonly<RunLimits>): GuestAgent {
  const [command, ...rest] = agent.command;
  if (command !== "node") {
    return agent;
  }
  const room = Math.max(limits.memoryBytes, LEAST_MEMORY) - BESIDE_HEAP;
  const heap = Math.max(LEAST_HEAP, Math.min(limits.memoryBytes, room));
  return { ...agent, command: [command, `--max-old-space-size=${Math.floor(heap / MIB)}`, ...rest] };
}
