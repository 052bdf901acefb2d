import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { assembleBpf } from "../src/seccomp/bpf-assembler.ts";
import { buildSeccompFilter } from "../src/seccomp/build-seccomp-filter.ts";
import { SECCOMP_ACTION } from "../src/seccomp/seccomp-action.ts";
import * as tables from "../src/seccomp/syscall-table.ts";
import { defaultVerdict, syscallVerdicts } from "../src/seccomp/syscall-verdicts.ts";
import { runBpf } from "./run-bpf.ts";

const ARCHITECTURES = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
const CHECKED = new Set(Object.keys(tables.CHECKED_SYSCALLS));
const { allow, kill, notPermitted, accessDenied, invalid, noTerminal, unknown, unsupported } = SECCOMP_ACTION;

describe.each(["x64", "arm64"] as const)("the filter for %s", (name) => {
  const filter = buildSeccompFilter(name);
  const architecture = ARCHITECTURES[name];
  const column = name === "x64" ? 0 : 1;
  const run = (number: number, ...args: (number | bigint)[]): number =>
    runBpf(filter, { architecture, number, args: args.map(BigInt) });
  const numberOf = (call: tables.CheckedSyscall): number => tables.CHECKED_SYSCALLS[call][column]!;

  test("decides every number as the tables do", () => {
    const verdicts = syscallVerdicts(name);
    for (let number = 0; number < 2000; number++) {
      const verdict = verdicts.get(number) ?? defaultVerdict(number);
      if (CHECKED.has(verdict)) continue;
      expect(run(number), `number ${number}`).toBe(SECCOMP_ACTION[verdict as keyof typeof SECCOMP_ACTION]);
    }
    expect(run(0x3fff_ffff)).toBe(unknown);
  });

  test("ends a process that calls by another architecture, or by x32", () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff), (other, number) => {
        fc.pre(other !== architecture);
        expect(runBpf(filter, { architecture: other, number })).toBe(kill);
        expect(run((number | 0x4000_0000) >>> 0)).toBe(kill);
      }),
    );
  });

  test("lets a process start threads and children, and no namespace", () => {
    const clone = numberOf("clone");
    expect(run(clone, 0x3d_0f00)).toBe(allow);
    expect(run(clone, 17)).toBe(allow);
    for (const flag of [
      0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
    ]) {
      expect(run(clone, 17 | flag)).toBe(notPermitted);
    }
  });

  test("lets only harmless requests through to devices and settings", () => {
    const ioctl = numberOf("ioctl");
    expect(run(ioctl, 0, 0x5401)).toBe(allow);
    expect(run(ioctl, 0, 0x5412)).toBe(noTerminal);
    expect(run(ioctl, 0, 0x1_0000_5412n)).toBe(noTerminal);
    const prctl = numberOf("prctl");
    expect(run(prctl, 15)).toBe(allow);
    expect(run(prctl, 22)).toBe(invalid);
    if (name === "x64") expect([run(158, 0x1002), run(158, 0x1001)]).toEqual([allow, invalid]);
  });

  test("lets only pairs of streams talk, without addresses and out-of-band data", () => {
    const pair = numberOf("socketpair");
    expect(run(pair, 1, 1 | 0x8_0000 | 0x800)).toBe(allow);
    expect(run(pair, 1, 2)).toBe(accessDenied);
    expect(run(pair, 2, 1)).toBe(accessDenied);
    const send = numberOf("sendto");
    expect(run(send, 3, 4, 5, 0x4000, 0)).toBe(allow);
    expect(run(send, 3, 4, 5, 1, 0)).toBe(unsupported);
    expect(run(send, 3, 4, 5, 0, 16)).toBe(accessDenied);
    expect(run(send, 3, 4, 5, 0, 1n << 32n)).toBe(accessDenied);
    const receive = numberOf("recvfrom");
    expect(run(receive, 3, 4, 5, 0)).toBe(allow);
    expect(run(receive, 3, 4, 5, 1)).toBe(unsupported);
  });
});

test("no call is in two tables", () => {
  const { ALLOWED_SYSCALLS, CHECKED_SYSCALLS, NETWORK_SYSCALLS, ATTRIBUTE_SYSCALLS } = tables;
  const all = [ALLOWED_SYSCALLS, CHECKED_SYSCALLS, NETWORK_SYSCALLS, ATTRIBUTE_SYSCALLS].flatMap((table) =>
    Object.entries(table),
  );
  for (const column of [0, 1] as const) {
    const numbers = all.map(([, pair]) => pair[column]).filter((number) => number !== null);
    expect(new Set(numbers).size).toBe(numbers.length);
  }
});

/** The numbers of the kernel's headers, where they are installed. */
const headers = [
  ["/usr/include/x86_64-linux-gnu/asm/unistd_64.h", 0],
  ["/usr/include/asm-generic/unistd.h", 1],
] as const;

test.for(headers)("the numbers are those of %s", ([path, column], { skip }) => {
  let text = "";
  try {
    text = readFileSync(path, "utf8");
  } catch {
    skip(`${path} is not installed`);
  }
  // The generic table gives some numbers under a second name.
  const numbers = new Map(
    [...text.matchAll(/^#define __NR(?:3264)?_(\w+)\s+(\d+)$/gm)].map(([, one, n]) => [one, Number(n)]),
  );
  const other: Record<string, string> = { newfstatat: "fstatat" };
  const { ALLOWED_SYSCALLS, CHECKED_SYSCALLS, NETWORK_SYSCALLS, ATTRIBUTE_SYSCALLS } = tables;
  const all = { ...ALLOWED_SYSCALLS, ...CHECKED_SYSCALLS, ...NETWORK_SYSCALLS, ...ATTRIBUTE_SYSCALLS };
  for (const [name, pair] of Object.entries(all)) {
    const number = numbers.get(name) ?? numbers.get(other[name] ?? "") ?? null;
    // The legacy calls of the generic table are for architectures that have them.
    if (pair[column] !== null || column === 0) expect([name, pair[column]]).toEqual([name, number]);
  }
});

describe("the assembler", () => {
  test("refuses a jump backwards, or nowhere", () => {
    expect(() => assembleBpf([{ label: "back" }, { load: 0 }, { jump: "back" }])).toThrow('no "back"');
    expect(() => assembleBpf([{ jump: "nowhere" }])).toThrow('no "nowhere"');
  });

  test("refuses more than the kernel takes", () => {
    expect(() => assembleBpf(Array.from({ length: 4097 }, () => ({ end: 0 })))).toThrow("4096");
  });

  test("reaches labels far away", () => {
    const far = Array.from({ length: 1000 }, () => ({ load: 0 }));
    const program = assembleBpf([
      { load: 0 },
      { when: "equal", value: 7, to: "far" },
      { end: 1 },
      ...far,
      { label: "far" },
      { end: 2 },
    ]);
    expect(runBpf(program, { architecture: 0, number: 7 })).toBe(2);
    expect(runBpf(program, { architecture: 0, number: 8 })).toBe(1);
  });
});
