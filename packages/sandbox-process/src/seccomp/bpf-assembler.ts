/** A step of a filter in classic BPF, with names in place of jump distances. */
export type BpfStep =
  | { readonly label: string }
  /** Loads the 32 bits at an offset of the system call's data. */
  | { readonly load: number }
  | { readonly and: number }
  /** Goes to `to` when the comparison of the loaded value with `value` holds, else to the next step. */
  | { readonly when: "equal" | "atLeast" | "anyBit"; readonly value: number; readonly to: string }
  | { readonly jump: string }
  | { readonly end: number };

const LOAD = 0x20;
const AND = 0x54;
const JUMP = 0x05;
const RETURN = 0x06;
const WHEN = { equal: 0x15, atLeast: 0x35, anyBit: 0x45 } as const;

/** Bytes of one instruction: code (16 bits), jumps when true and false (8 bits each), operand (32 bits). */
export const BPF_INSTRUCTION_BYTES = 8;

/** Most instructions that the kernel takes. */
const LIMIT = 4096;

/**
 * Turns steps into the bytes that the kernel takes. Jumps go forward only, since BPF has no loops. A condition becomes two
 * instructions, since its own distances reach no further than 255.
 */
export function assembleBpf(steps: readonly BpfStep[]): Uint8Array {
  const places = new Map<string, number>();
  let size = 0;
  for (const step of steps) {
    if ("label" in step) places.set(step.label, size);
    else size += "when" in step ? 2 : 1;
  }
  if (size > LIMIT) throw new RangeError(`A filter has at most ${LIMIT} instructions, not ${size}.`);
  const bytes = new Uint8Array(size * BPF_INSTRUCTION_BYTES);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const put = (code: number, operand: number, whenFalse = 0): void => {
    const offset = at++ * BPF_INSTRUCTION_BYTES;
    view.setUint16(offset, code, true);
    view.setUint8(offset + 3, whenFalse);
    view.setUint32(offset + 4, operand, true);
  };
  const jump = (label: string): void => {
    const distance = (places.get(label) ?? -1) - at - 1;
    if (distance < 0) throw new RangeError(`There is no "${label}" further on in the filter.`);
    put(JUMP, distance);
  };
  for (const step of steps) {
    if ("load" in step) put(LOAD, step.load);
    else if ("and" in step) put(AND, step.and);
    else if ("end" in step) put(RETURN, step.end);
    else if ("jump" in step) jump(step.jump);
    else if ("when" in step) {
      put(WHEN[step.when], step.value, 1);
      jump(step.to);
    }
  }
  return bytes;
}
