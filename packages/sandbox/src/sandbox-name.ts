import { closest, distance } from "fastest-levenshtein";

/** A sandbox by the name under which a configuration asks for it. */
export type SandboxName = "wasi" | "seccomp" | "basic" | "docker" | "gvisor" | "firecracker";

/** Every name, the embedded sandbox first. */
export const SANDBOX_NAMES: readonly SandboxName[] = [
  "wasi",
  "seccomp",
  "docker",
  "gvisor",
  "firecracker",
  "basic",
];

/** Whether a value is the name of a sandbox. */
export function isSandboxName(value: unknown): value is SandboxName {
  return SANDBOX_NAMES.some((name) => name === value);
}

/** Says that a value names no sandbox: which it may have meant, and which there are. */
export function unknownSandbox(value: unknown): string {
  const names = SANDBOX_NAMES.join(", ");
  if (typeof value !== "string") return `must be one of ${names}, or a list of them`;
  const wanted = value.slice(0, 40);
  const nearest = nearestName(wanted.toLowerCase());
  const meant = nearest === undefined ? "" : `did you mean ${nearest}? `;
  return `there is no sandbox ${JSON.stringify(wanted)}; ${meant}There are ${names}`;
}

function nearestName(wanted: string): SandboxName | undefined {
  const start = SANDBOX_NAMES.find((name) => wanted.length > 2 && name.startsWith(wanted));
  if (start !== undefined) return start;
  const nearest = closest(wanted, SANDBOX_NAMES);
  return isSandboxName(nearest) && distance(wanted, nearest) <= 3 ? nearest : undefined;
}
