import type { SeccompAction } from "./seccomp-action.ts";
import {
  ALLOWED_SYSCALLS,
  ATTRIBUTE_SYSCALLS,
  CHECKED_SYSCALLS,
  NETWORK_SYSCALLS,
  type CheckedSyscall,
  type SyscallNumbers,
} from "./syscall-table.ts";

/** An architecture that there is a filter for, as Node names it. */
export type SeccompArchitecture = "x64" | "arm64";

/** What becomes of a system call: an action, or a look at its arguments. */
export type SyscallVerdict = SeccompAction | CheckedSyscall;

/** From here on all architectures share their numbers, and the calls are young. */
export const FIRST_SHARED_NUMBER = 424;

/** The verdict for a number that no table names. Young calls do not exist, so that libraries fall back; the others are refused. */
export function defaultVerdict(number: number): SyscallVerdict {
  return number >= FIRST_SHARED_NUMBER ? "unknown" : "notPermitted";
}

/** The verdicts of one architecture by number. */
export function syscallVerdicts(architecture: SeccompArchitecture): Map<number, SyscallVerdict> {
  const verdicts = new Map<number, SyscallVerdict>();
  const add = (numbers: SyscallNumbers, verdict: SyscallVerdict): void => {
    const number = numbers[architecture === "x64" ? 0 : 1];
    if (number !== null) verdicts.set(number, verdict);
  };
  for (const numbers of Object.values(ALLOWED_SYSCALLS)) add(numbers, "allow");
  for (const numbers of Object.values(NETWORK_SYSCALLS)) add(numbers, "accessDenied");
  for (const numbers of Object.values(ATTRIBUTE_SYSCALLS)) add(numbers, "unsupported");
  for (const [name, numbers] of Object.entries(CHECKED_SYSCALLS)) add(numbers, name as CheckedSyscall);
  return verdicts;
}
