import type { BpfStep } from "./bpf-assembler.ts";
import { SECCOMP_ACTION } from "./seccomp-action.ts";
import type { CheckedSyscall } from "./syscall-table.ts";

/** All `CLONE_NEW*` flags of `clone`: namespaces. */
const CLONE_NAMESPACES = 0x7e02_0000;

/** FIONBIO, FIONREAD, FIOCLEX, FIONCLEX, TCGETS, TIOCGWINSZ, TIOCGPGRP: no TIOCSTI, which types for the user. */
const IOCTLS = [0x5421, 0x541b, 0x5451, 0x5450, 0x5401, 0x5413, 0x540f];

/** PDEATHSIG, DUMPABLE (read), NAME, CAPBSET (read), NO_NEW_PRIVS, SET_VMA. */
const PRCTLS = [1, 2, 3, 15, 16, 23, 38, 39, 0x5356_4d41];

/** ARCH_SET_FS, ARCH_GET_FS. */
const ARCH_PRCTLS = [0x1002, 0x1003];

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCKET_TYPE_MASK = 0xf;

/** Out-of-band data on a Unix socket: of no use, with a record of faults in the kernel. */
const MSG_OOB = 1;

/** Steps that decide one system call by its arguments. Each ends in an action. */
export const ARGUMENT_CHECKS: Readonly<Record<CheckedSyscall, readonly BpfStep[]>> = {
  arch_prctl: oneOf(0, ARCH_PRCTLS, SECCOMP_ACTION.invalid),
  clone: [low(0), { when: "anyBit", value: CLONE_NAMESPACES, to: "notPermitted" }, { jump: "allow" }],
  ioctl: oneOf(1, IOCTLS, SECCOMP_ACTION.noTerminal),
  prctl: oneOf(0, PRCTLS, SECCOMP_ACTION.invalid),
  recvfrom: [low(3), { when: "anyBit", value: MSG_OOB, to: "unsupported" }, { jump: "allow" }],
  // Without an address: on a pair's end, and on nothing else.
  sendto: [
    low(3),
    { when: "anyBit", value: MSG_OOB, to: "unsupported" },
    low(4),
    { when: "atLeast", value: 1, to: "accessDenied" },
    high(4),
    { when: "atLeast", value: 1, to: "accessDenied" },
    { jump: "allow" },
  ],
  // A pair of streams, as child processes and event loops use it. An end of a datagram pair could be connected anew.
  socketpair: [
    low(0),
    { when: "equal", value: AF_UNIX, to: "socketpair of unix" },
    { jump: "accessDenied" },
    { label: "socketpair of unix" },
    low(1),
    { and: SOCKET_TYPE_MASK },
    { when: "equal", value: SOCK_STREAM, to: "allow" },
    { jump: "accessDenied" },
  ],
};

function oneOf(argument: number, values: readonly number[], otherwise: number): BpfStep[] {
  const steps = values.map((value) => ({ when: "equal", value, to: "allow" }) as const);
  return [low(argument), ...steps, { end: otherwise }];
}

/** The kernel itself takes only the low half of the arguments that are 32 bits wide. */
function low(argument: number): BpfStep {
  return { load: 16 + 8 * argument };
}

function high(argument: number): BpfStep {
  return { load: 20 + 8 * argument };
}
