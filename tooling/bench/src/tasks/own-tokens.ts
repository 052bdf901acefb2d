import type { TokenCounter } from "@mcp-optimizer/contracts";

/** What passes through the model with the optimizer, in tokens, by what it is for. */
export interface OwnTokens {
  /** The tools that `hybrid` lists. */
  readonly manifest: number;
  /** Queries and answers of `search_tools`; the signatures and types are in these. */
  readonly search: number;
  readonly program: number;
  readonly result: number;
  /** Programs that only looked at a result, and what they answered. */
  readonly retries: number;
}

/** One call of a tool of the optimizer, as the model made it and read it. */
export interface ModelCall {
  readonly for: "search" | "program" | "probe";
  readonly args: object;
  readonly answer: string;
}

/** Counts what a model wrote and read. Arguments count as the JSON that they are sent as. */
export function countOwn(counter: TokenCounter, manifest: number, calls: readonly ModelCall[]): OwnTokens {
  const sum = (what: ModelCall["for"], count: (call: ModelCall) => number): number =>
    calls.reduce((total, call) => total + (call.for === what ? count(call) : 0), 0);
  const written = ({ args }: ModelCall): number => counter.count(JSON.stringify(args));
  const read = ({ answer }: ModelCall): number => counter.count(answer);
  return {
    manifest,
    search: sum("search", written) + sum("search", read),
    program: sum("program", written),
    result: sum("program", read),
    retries: sum("probe", written) + sum("probe", read),
  };
}

/** All of it. */
export function totalOwn({ manifest, search, program, result, retries }: OwnTokens): number {
  return manifest + search + program + result + retries;
}
