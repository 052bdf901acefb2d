import { readU32 } from "../../src/vm/wasm-sections.ts";

/** What follows an opcode in the code: how many LEB128 numbers, or something of its own. */
const IMMEDIATES: Readonly<Record<number, number>> = {
  0x02: 1,
  0x03: 1,
  0x04: 1, // block, loop, if: a block type
  0x0c: 1,
  0x0d: 1, // br, br_if
  0x10: 1,
  0x11: 2,
  0x12: 1,
  0x13: 2, // call, call_indirect, and their tail forms
  0x20: 1,
  0x21: 1,
  0x22: 1,
  0x23: 1,
  0x24: 1, // locals and globals
  0x25: 1,
  0x26: 1, // table.get, table.set
  0x3f: 1,
  0x40: 1, // memory.size, memory.grow
  0x41: 1,
  0x42: 1, // i32.const, i64.const
  0xd0: 1,
  0xd2: 1, // ref.null, ref.func
};
const BULK: Readonly<Record<number, readonly [name: string, immediates: number]>> = {
  8: ["memory.init", 2],
  9: ["data.drop", 1],
  10: ["memory.copy", 2],
  11: ["memory.fill", 1],
  12: ["table.init", 2],
  13: ["elem.drop", 1],
  14: ["table.copy", 2],
  15: ["table.grow", 1],
  16: ["table.size", 1],
  17: ["table.fill", 1],
};
const NAMED: Readonly<Record<number, string>> = {
  0x24: "global.set",
  0x26: "table.set",
  0x40: "memory.grow",
};

/** An instruction that changes state beside the stack, with its first immediate. */
export interface StateChange {
  readonly name: string;
  readonly operand: number;
}

/**
 * Reads every instruction of a code section and yields those that change globals, tables, segments or the memory's
 * size. Throws on an opcode that it does not know: a new engine may use one, and then it must be judged anew.
 */
export function* stateChanges(bytes: Uint8Array, start: number): Generator<StateChange> {
  const count = readU32(bytes, start);
  let at = count.next;
  for (let i = 0; i < count.value; i++) {
    const size = readU32(bytes, at);
    const end = size.next + size.value;
    at = skipLocals(bytes, size.next);
    while (at < end) {
      const [change, next] = instruction(bytes, at);
      if (change !== undefined) {
        yield change;
      }
      at = next;
    }
    if (at !== end) {
      throw new Error(`Function ${i} ends inside an instruction.`);
    }
  }
}

function skipLocals(bytes: Uint8Array, start: number): number {
  const groups = readU32(bytes, start);
  let at = groups.next;
  for (let i = 0; i < groups.value; i++) {
    at = readU32(bytes, at).next + 1;
  }
  return at;
}

/** LEB128 of any width and sign. */
function skipNumbers(bytes: Uint8Array, start: number, count: number): number {
  let at = start;
  for (let i = 0; i < count; i++) {
    while (bytes[at]! >= 0x80) {
      at++;
    }
    at++;
  }
  return at;
}

function instruction(bytes: Uint8Array, start: number): [StateChange | undefined, number] {
  const opcode = bytes[start]!;
  const at = start + 1;
  if (opcode === 0xfc) {
    return prefixed(bytes, at);
  }
  const immediates = IMMEDIATES[opcode];
  if (immediates !== undefined) {
    const name = NAMED[opcode];
    const change = name === undefined ? undefined : { name, operand: readU32(bytes, at).value };
    return [change, skipNumbers(bytes, at, immediates)];
  }
  if (opcode === 0x0e) {
    const targets = readU32(bytes, at);
    return [undefined, skipNumbers(bytes, targets.next, targets.value + 1)];
  }
  if (opcode === 0x1c) {
    const types = readU32(bytes, at);
    return [undefined, types.next + types.value];
  }
  if (opcode >= 0x28 && opcode <= 0x3e) {
    return [undefined, skipNumbers(bytes, at, 2)];
  }
  if (opcode === 0x43 || opcode === 0x44) {
    return [undefined, at + (opcode === 0x43 ? 4 : 8)];
  }
  const plain = opcode <= 0x01 || opcode === 0x05 || opcode === 0x0b || opcode === 0x0f || opcode === 0xd1;
  if (plain || opcode === 0x1a || opcode === 0x1b || (opcode >= 0x45 && opcode <= 0xc4)) {
    return [undefined, at];
  }
  throw new Error(`Opcode 0x${opcode.toString(16)} at ${start} is not known.`);
}

function prefixed(bytes: Uint8Array, start: number): [StateChange | undefined, number] {
  const sub = readU32(bytes, start);
  if (sub.value <= 7) {
    return [undefined, sub.next];
  }
  const known = BULK[sub.value];
  if (known === undefined) {
    throw new Error(`Opcode 0xfc ${sub.value} at ${start} is not known.`);
  }
  const [name, immediates] = known;
  return [{ name, operand: readU32(bytes, sub.next).value }, skipNumbers(bytes, sub.next, immediates)];
}
