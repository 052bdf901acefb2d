/** A system call as the kernel shows it to a filter. */
export interface FilteredCall {
  readonly architecture: number;
  readonly number: number;
  readonly args?: readonly bigint[];
}

/** Runs a classic BPF program as the kernel does, and returns what it returns. Throws for anything the kernel would refuse. */
export function runBpf(program: Uint8Array, call: FilteredCall): number {
  const code = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.number, true);
  data.setUint32(4, call.architecture, true);
  for (const [index, argument] of (call.args ?? []).entries())
    data.setBigUint64(16 + 8 * index, argument, true);
  let accumulator = 0;
  for (let at = 0; ; at++) {
    const offset = at * 8;
    if (offset >= program.byteLength) throw new RangeError("The program runs off its end.");
    const operand = code.getUint32(offset + 4, true);
    const jump = (holds: boolean): void => void (at += code.getUint8(offset + (holds ? 2 : 3)));
    switch (code.getUint16(offset, true)) {
      case 0x20:
        if (operand % 4 !== 0 || operand > 60) throw new RangeError(`There is no data at ${operand}.`);
        accumulator = data.getUint32(operand, true);
        break;
      case 0x54:
        accumulator = (accumulator & operand) >>> 0;
        break;
      case 0x05:
        at += operand;
        break;
      case 0x15:
        jump(accumulator === operand);
        break;
      case 0x35:
        jump(accumulator >= operand);
        break;
      case 0x45:
        jump((accumulator & operand) !== 0);
        break;
      case 0x06:
        return operand;
      default:
        throw new RangeError(`There is no instruction ${code.getUint16(offset, true)}.`);
    }
  }
}
