import type { GuestChannel, GuestEnd } from "@mcp-optimizer/sandbox-guest";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** What a guest answered: the value, the error's code or text, or how the guest ended instead. */
export interface EvalAnswer {
  readonly value?: unknown;
  readonly error?: string;
  readonly end?: GuestEnd;
}

/** A guest that runs what it is told. */
export interface EvalGuest {
  readonly channel: GuestChannel;
  ask(source: string): Promise<EvalAnswer>;
  /** Sends without waiting for an answer. */
  tell(source: string): void;
}

/** Waits until the agent is ready. Rejects with the guest's end when it never is. */
export async function openEvalGuest(channel: GuestChannel): Promise<EvalGuest> {
  const lines = readLines(channel.output);
  channel.input.on("error", () => undefined);
  const next = async (): Promise<EvalAnswer> => {
    const line = await lines.next();
    return line.done === true ? { end: await channel.ended } : { value: JSON.parse(line.value) as unknown };
  };
  const tell = (source: string): void => {
    channel.input.write(`${JSON.stringify(source)}\n`);
  };
  const first = await next();
  if (first.value !== "ready") {
    throw new Error(`The guest did not start: ${JSON.stringify(first.end ?? first.value)}`);
  }
  return {
    channel,
    tell,
    ask: async (source) => {
      tell(source);
      const answer = await next();
      return answer.end ? answer : (answer.value as EvalAnswer);
    },
  };
}

/** Node's `readline` would take U+2028, which JSON may hold, for the end of a line. */
async function* readLines(output: Readable): AsyncGenerator<string, undefined> {
  const decoder = new StringDecoder("utf8");
  let parts: string[] = [];
  for await (const chunk of output) {
    const [first, ...rest] = decoder.write(chunk as Buffer).split("\n");
    parts.push(first!);
    for (const part of rest) {
      yield parts.join("");
      parts = [part];
    }
  }
  return undefined;
}
