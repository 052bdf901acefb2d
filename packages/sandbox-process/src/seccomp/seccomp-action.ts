const ERRNO = 0x0005_0000;

/** What the kernel does with a system call: the values of `SECCOMP_RET_*`. */
export const SECCOMP_ACTION: Readonly<Record<SeccompAction, number>> = {
  allow: 0x7fff_0000,
  /** Ends the whole process with SIGSYS. */
  kill: 0x8000_0000,
  notPermitted: ERRNO | 1,
  accessDenied: ERRNO | 13,
  invalid: ERRNO | 22,
  noTerminal: ERRNO | 25,
  /** As on a kernel that does not know the call: libraries fall back to another. */
  unknown: ERRNO | 38,
  unsupported: ERRNO | 95,
};

/** An action by its name. */
export type SeccompAction =
  | "allow"
  | "kill"
  | "notPermitted"
  | "accessDenied"
  | "invalid"
  | "noTerminal"
  | "unknown"
  | "unsupported";
