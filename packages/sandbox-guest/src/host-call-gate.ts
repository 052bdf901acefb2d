import {
  ERROR_CODES,
  type ErrorCode,
  type HostBindings,
  type HostReply,
  type RunLimits,
} from "@mcp-optimizer/contracts";
import type { FrameCall } from "./guest-frame.ts";
import { violation } from "./parse-frame.ts";
import { parseGuestJson } from "./parse-guest-json.ts";
import { stringifyJson, TextTooLong } from "./stringify-json.ts";

/** What a gate is made of. */
export interface HostCallGateOptions {
  readonly limits: Readonly<RunLimits>;
  readonly host: HostBindings;
  /** Takes answers for the guest: the text for `deliver` of the harness. While its promise is open no further call is let through. */
  readonly deliver: (text: string) => Promise<void> | undefined;
}

/**
 * Stands between one run of a guest and the host: counts its calls, lets only so many through at once, weighs
 * arguments and answers, and answers in batches. After `end` nothing passes and the calls under way are aborted.
 */
export class HostCallGate {
  readonly #options: HostCallGateOptions;
  readonly #waiting: FrameCall[] = [];
  #abort: AbortController | undefined;
  #lastId = 0;
  #calls = 0;
  #underWay = 0;
  #answers = "";
  #flushing = false;
  /** The guest does not take its answers: more of them would only fill the host's memory. */
  #full = false;
  #ended = false;

  constructor(options: HostCallGateOptions) {
    this.#options = options;
  }

  /** Calls that were let through and are not answered yet, and calls that wait for their turn. */
  get open(): number {
    return this.#underWay + this.#waiting.length;
  }

  /** Takes the calls of a frame. Throws `sandbox_violation` when an id does not follow the one before. */
  submit(calls: readonly FrameCall[]): void {
    for (const call of calls) {
      if (call.id !== this.#lastId + 1) {
        throw violation("a call has an id out of order");
      }
      this.#lastId = call.id;
      if (++this.#calls > this.#options.limits.calls) {
        const { calls: limit } = this.#options.limits;
        this.#answer(refusal(call.id, "call_limit", `: ${limit}.`));
      } else if (Buffer.byteLength(call.args) > this.#options.limits.argumentBytes) {
        const { argumentBytes } = this.#options.limits;
        this.#answer(refusal(call.id, "output_limit", `: the arguments take over ${argumentBytes} bytes.`));
      } else {
        this.#waiting.push(call);
      }
    }
    this.#advance();
    this.#flushWhenQuiet();
  }

  /** Ends the run for the host: aborts what is under way and drops every later answer. */
  end(): void {
    this.#ended = true;
    this.#waiting.length = 0;
    this.#answers = "";
    if (this.#underWay > 0) {
      this.#abort?.abort();
    }
  }

  #advance(): void {
    while (!this.#ended && !this.#full && this.#underWay < this.#options.limits.callsAtOnce) {
      const call = this.#waiting.shift();
      if (call === undefined) {
        return;
      }
      this.#underWay++;
      void this.#serve(call);
    }
  }

  async #serve(call: FrameCall): Promise<void> {
    const answer = await this.#ask(call);
    this.#underWay--;
    if (!this.#ended) {
      this.#answer(answer);
      this.#advance();
      this.#flushWhenQuiet();
    }
  }

  async #ask({ id, name, args: text }: FrameCall): Promise<string> {
    const { host, limits } = this.#options;
    try {
      const parsed = parseGuestJson(text);
      const args = parsed instanceof Promise ? await parsed : parsed;
      if (!Array.isArray(args)) {
        return refusal(id, "invalid_params", ".");
      }
      this.#abort ??= new AbortController();
      const reply = await host.call({ name, args }, this.#abort.signal);
      const written = writeReply(id, reply, limits.replyBytes);
      const answer = typeof written === "string" ? written : await written;
      return Buffer.byteLength(answer) > limits.replyBytes ? tooLong(id, limits.replyBytes) : answer;
    } catch (error) {
      if (error instanceof TextTooLong) return tooLong(id, limits.replyBytes);
      // JSON.stringify runs out of stack.
      if (error instanceof RangeError)
        return refusal(id, "output_limit", ": the result is nested too deeply.");
      return refusal(id, "internal", ".");
    }
  }

  #answer(text: string): void {
    this.#answers += this.#answers === "" ? text : `,${text}`;
  }

  /** Answers go at once when none is outstanding, else together with those of the same turn of the event loop. */
  #flushWhenQuiet(): void {
    if (this.#answers === "" || this.#flushing) {
      return;
    }
    if (this.#underWay === 0) {
      this.#flush();
    } else {
      this.#flushing = true;
      setImmediate(() => {
        this.#flushing = false;
        this.#flush();
      });
    }
  }

  #flush(): void {
    if (this.#answers !== "" && !this.#ended) {
      const text = `[${this.#answers}]`;
      this.#answers = "";
      const taken = this.#options.deliver(text);
      if (taken !== undefined) {
        this.#full = true;
        void taken.then(() => {
          this.#full = false;
          this.#advance();
          return undefined;
        });
      }
    }
  }
}

function tooLong(id: number, replyBytes: number): string {
  return refusal(id, "output_limit", `: the result takes over ${replyBytes} bytes. Ask the tool for less.`);
}

function refusal(id: number, code: ErrorCode, rest: string): string {
  return `[${id},0,${JSON.stringify({ code, message: ERROR_CODES[code].message + rest })}]`;
}

function writeReply(id: number, reply: HostReply, replyBytes: number): string | Promise<string> {
  if (!reply.ok) {
    const { code, message, tool, data } = reply.error;
    return `[${id},0,${JSON.stringify({ code, message, tool, data })}]`;
  }
  if (reply.value === undefined) {
    return `[${id},1]`;
  }
  const text = stringifyJson(reply.value, replyBytes);
  return typeof text === "string" ? `[${id},1,${text}]` : text.then((long) => `[${id},1,${long}]`);
}
