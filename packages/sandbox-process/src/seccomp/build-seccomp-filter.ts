import { ARGUMENT_CHECKS } from "./argument-checks.ts";
import { assembleBpf, type BpfStep } from "./bpf-assembler.ts";
import { SECCOMP_ACTION } from "./seccomp-action.ts";
import {
  defaultVerdict,
  FIRST_SHARED_NUMBER,
  syscallVerdicts,
  type SeccompArchitecture,
  type SyscallVerdict,
} from "./syscall-verdicts.ts";

/** `AUDIT_ARCH_X86_64`, `AUDIT_ARCH_AARCH64`. */
const AUDIT_ARCHITECTURE = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;

/** Calls of the x32 ABI carry this bit. On arm64 there is no such number, and none is lost. */
const X32_BIT = 0x4000_0000;

const NUMBER: BpfStep = { load: 0 };
const ARCHITECTURE: BpfStep = { load: 4 };

/** Numbers from `first` on, up to the next segment. */
interface Segment {
  readonly first: number;
  readonly verdict: SyscallVerdict;
}

/**
 * The seccomp filter of a guest, in the form that bubblewrap's `--seccomp` takes: an allow list. A call of another architecture,
 * or of x32, ends the process.
 */
export function buildSeccompFilter(architecture: SeccompArchitecture): Uint8Array {
  const checks = Object.entries(ARGUMENT_CHECKS).flatMap(([name, steps]) => [{ label: name }, ...steps]);
  const ends = Object.entries(SECCOMP_ACTION).flatMap(([name, end]) => [{ label: name }, { end }]);
  return assembleBpf([
    ARCHITECTURE,
    { when: "equal", value: AUDIT_ARCHITECTURE[architecture], to: "own architecture" },
    { end: SECCOMP_ACTION.kill },
    { label: "own architecture" },
    NUMBER,
    { when: "atLeast", value: X32_BIT, to: "kill" },
    ...search(segments(syscallVerdicts(architecture))),
    ...checks,
    ...ends,
  ]);
}

function segments(verdicts: ReadonlyMap<number, SyscallVerdict>): Segment[] {
  const last = Math.max(FIRST_SHARED_NUMBER, ...verdicts.keys()) + 1;
  const found: Segment[] = [];
  for (let number = 0; number <= last; number++) {
    const verdict = verdicts.get(number) ?? defaultVerdict(number);
    if (found.at(-1)?.verdict !== verdict) found.push({ first: number, verdict });
  }
  return found;
}

/** A binary search over the segments. */
function search(among: readonly Segment[]): BpfStep[] {
  const [only] = among;
  if (among.length === 1) return [{ jump: only!.verdict }];
  const middle = among.length >> 1;
  const { first } = among[middle]!;
  const label = `from ${first}`;
  return [
    { when: "atLeast", value: first, to: label },
    ...search(among.slice(0, middle)),
    { label },
    ...search(among.slice(middle)),
  ];
}
