import { ALLOWED_SYSCALLS } from "./allowed-syscalls.ts";

const EACCES = 13;
const ENOSYS = 38;
const EPERM = 1;
const AF_UNIX = 1;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
const NEW_NAMESPACES = 0x7e020000;

const ARCHITECTURES: Readonly<Record<string, { name: string; only: readonly string[] }>> = {
  x64: { name: "SCMP_ARCH_X86_64", only: ["arch_prctl"] },
  arm64: { name: "SCMP_ARCH_AARCH64", only: [] },
};

/** A seccomp profile in Docker's format. */
export interface SeccompProfile {
  readonly defaultAction: string;
  readonly defaultErrnoRet: number;
  readonly archMap: readonly {
    readonly architecture: string;
    readonly subArchitectures: readonly string[];
  }[];
  readonly syscalls: readonly SeccompRule[];
}

/** One rule of a profile. */
export interface SeccompRule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly { readonly index: number; readonly value: number; readonly op: string }[];
}

/**
 * The profile for guests on a machine of this architecture, in Node's words (`x64`, `arm64`); `undefined` for any other. Without
 * sub-architectures, a 32-bit system call ends the caller.
 */
export function seccompProfile(architecture: string): SeccompProfile | undefined {
  const target = ARCHITECTURES[architecture];
  return (
    target && {
      defaultAction: "SCMP_ACT_ERRNO",
      defaultErrnoRet: EPERM,
      archMap: [{ architecture: target.name, subArchitectures: [] }],
      syscalls: [
        { names: [...ALLOWED_SYSCALLS, ...target.only], action: "SCMP_ACT_ALLOW" },
        {
          names: ["clone"],
          action: "SCMP_ACT_ALLOW",
          args: [{ index: 0, value: NEW_NAMESPACES, op: "SCMP_CMP_MASKED_EQ" }],
        },
        // Of Unix sockets alone: asking for a pair of another family makes one before it is refused, and loads the family's module.
        {
          names: ["socketpair"],
          action: "SCMP_ACT_ALLOW",
          args: [{ index: 0, value: AF_UNIX, op: "SCMP_CMP_EQ" }],
        },
        // Its flags are behind a pointer; ENOSYS makes the C library take clone.
        { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: ENOSYS },
        { names: ["socket"], action: "SCMP_ACT_ERRNO", errnoRet: EACCES },
      ],
    }
  );
}
