import type { GuestChannel, GuestEnd } from "@mcp-optimizer/sandbox-guest";
import { createInterface } from "node:readline";

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
  const lines = createInterface({ input: channel.output })[Symbol.asyncIterator]();
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
