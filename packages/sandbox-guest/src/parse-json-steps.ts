import { OptimizerError, type JsonObject, type JsonValue } from "@mcp-optimizer/contracts";
import { DROPPED_KEYS, MAX_DEPTH, tooDeep } from "./parse-guest-json.ts";

/** Values between two pauses. */
const PAUSE = 512;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: readonly (readonly [string, JsonValue])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

interface Open {
  readonly holder: JsonValue[] | JsonObject;
  key: string | undefined;
}

/** A JSON parser that pauses every few hundred values. Strict, and with the rules of `parseGuestJson`. */
export function* parseJsonSteps(text: string): Generator<void, JsonValue> {
  const stack: Open[] = [];
  const reader = new Reader(text);
  let parsed = 0;
  for (;;) {
    if (++parsed % PAUSE === 0) {
      yield;
    }
    const opened = reader.open();
    if (opened !== undefined) {
      if (stack.length === MAX_DEPTH) {
        throw tooDeep();
      }
      const open: Open = { holder: opened, key: undefined };
      stack.push(open);
      if (!reader.close(opened)) {
        open.key = Array.isArray(opened) ? undefined : reader.key();
        continue;
      }
    }
    let value: JsonValue = opened === undefined ? reader.scalar() : stack.pop()!.holder;
    for (;;) {
      const top = stack.at(-1);
      if (top === undefined) {
        reader.end();
        return value;
      }
      put(top, value);
      if (reader.comma()) {
        top.key = Array.isArray(top.holder) ? undefined : reader.key();
        break;
      }
      if (!reader.close(top.holder)) {
        throw reader.fault();
      }
      value = stack.pop()!.holder;
    }
  }
}

function put({ holder, key }: Open, value: JsonValue): void {
  if (Array.isArray(holder)) {
    holder.push(value);
  } else if (!DROPPED_KEYS.has(key!)) {
    holder[key!] = value;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Takes an opening bracket. */
  open(): JsonValue[] | JsonObject | undefined {
    return this.#take(0x5b) ? [] : this.#take(0x7b) ? {} : undefined;
  }

  /** Takes the closing bracket that fits. */
  close(holder: JsonValue[] | JsonObject): boolean {
    return this.#take(Array.isArray(holder) ? 0x5d : 0x7d);
  }

  comma(): boolean {
    return this.#take(0x2c);
  }

  key(): string {
    const key = this.#skip() === 0x22 ? this.#string() : undefined;
    if (key === undefined || !this.#take(0x3a)) {
      throw this.fault();
    }
    return key;
  }

  scalar(): JsonValue {
    if (this.#skip() === 0x22) {
      return this.#string();
    }
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.#text);
    if (number !== null) {
      this.#at += number[0].length;
      return Number(number[0]);
    }
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    throw this.fault();
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) {
      throw this.fault();
    }
  }

  fault(): OptimizerError {
    return new OptimizerError("sandbox_violation", { detail: "the guest sent text that is not JSON" });
  }

  #skip(): number {
    let code = this.#text.charCodeAt(this.#at);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      code = this.#text.charCodeAt(++this.#at);
    }
    return code;
  }

  #take(code: number): boolean {
    const found = this.#skip() === code;
    this.#at += found ? 1 : 0;
    return found;
  }

  #string(): string {
    const start = this.#at;
    let plain = true;
    for (let i = start + 1; ; i++) {
      const code = this.#text.charCodeAt(i);
      if (code === 0x22) {
        this.#at = i + 1;
        return plain ? this.#text.slice(start + 1, i) : this.#unescape(this.#text.slice(start, i + 1));
      }
      if (code === 0x5c) {
        plain = false;
        i++;
      } else if (!(code >= 0x20)) {
        throw this.fault();
      }
    }
  }

  #unescape(literal: string): string {
    try {
      return JSON.parse(literal) as string;
    } catch {
      throw this.fault();
    }
  }
}
