/** Numbers from a seed: the same for the same seed. */
export type Draw = (below: number) => number;

/** A generator of numbers (mulberry32). */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What a guest might write, to start from. */
export const CORPUS: readonly string[] = [
  'C{"ids":[1,2],"names":["git.git_log","tools.call"],"lost":0}\n[[0,"hi"]]\n[{"max_count":5}]\n["git.git_log",{}]\n\n',
  'C{"ids":[1],"names":["a.b"],"lost":0}\n[]\n[[[["deep"]]],{"k":[1,null,true,-0.5e3]}]\n\nD{"unhandled":[],"lost":0}\n[]\n1\n\n',
  'W{"due":12,"lost":3}\n[[3,"e"],[4,"\\u00e4\\ud83d\\ude00"]]\n\n',
  'W{"lost":0}\n[]\n\nW{"lost":0}\n[]\n\nD{"unhandled":[],"lost":0}\n[]\n{"rows":[{"id":1,"name":"x"}]}\n\n',
  'D{"failure":{"code":"tool_failed","message":"m","name":"E","tool":"a.b","position":{"line":1,"column":2},"data":{"x":1}},"unhandled":[{"code":"program_failed","message":"u"}],"moreUnhandled":4,"lost":7}\n[]\n\n',
  'D{"unhandled":[],"lost":0}\n[]\n{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":"\\u005f_proto__"}\n\n',
];

const TOKENS: readonly string[] = [
  "\n",
  "\n\n",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  "\\",
  "\\u0000",
  "\\ud800",
  "null",
  "-0",
  "1e999",
  "9007199254740993",
  '"__proto__":',
  '"constructor":{"prototype":{"polluted":1}}',
  '"toString":1',
  '"lost":-1',
  '"ids":[1,1]',
  '"code":"cpu_limit"',
  "C{",
  "D{",
  "W{",
  "\u0000",
  "\u2028",
  "\ufeff",
  "\ud800",
];
const MOST_BYTES = 600_000;
/** Beyond the text that is parsed at once. */
const REPEATS: readonly number[] = [2, 5, 40, 300, 70_000];

/** An input made of the corpus by a few changes. */
export function mutate(draw: Draw): Buffer {
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)]!;
  let bytes = Buffer.from(pick(CORPUS));
  for (let changes = draw(8); changes > 0; changes--) {
    const at = draw(bytes.length + 1);
    const end = Math.min(bytes.length, at + draw(draw(4) === 0 ? 200 : 8));
    const join = (...parts: Uint8Array[]): Buffer<ArrayBuffer> => Buffer.concat(parts);
    const before = bytes.subarray(0, at);
    const cut = bytes.subarray(at, end);
    const after = bytes.subarray(end);
    switch (draw(8)) {
      case 0:
        bytes = join(before, Buffer.from([draw(256)]), bytes.subarray(at + 1));
        break;
      case 1:
        bytes = join(before, after);
        break;
      case 2:
        bytes = join(before, Buffer.from(pick(TOKENS)), bytes.subarray(at));
        break;
      case 3:
        bytes = join(before, Buffer.from(pick(TOKENS)), after);
        break;
      case 4:
        bytes = join(before, Buffer.from(pick(TOKENS).repeat(pick(REPEATS))), after);
        break;
      case 5:
        bytes = join(before, Buffer.from(pick(CORPUS)).subarray(draw(60)));
        break;
      case 6:
        bytes = join(before, cut, cut, after);
        break;
      default:
        bytes = join(bytes, Buffer.from(pick(CORPUS)));
    }
    bytes = bytes.subarray(0, MOST_BYTES);
  }
  return bytes;
}
