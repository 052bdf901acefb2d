import fc from "fast-check";
import type { JsonObject } from "@mcp-optimizer/contracts";

/** What a call does: it reads, writes, or writes at a tool that takes an idempotency key. */
export type CallKind = "read" | "write" | "keyed";

/** A call of the program. */
export interface ScheduledCall {
  readonly kind: CallKind;
  /** Calls of one kind with one key are equal. */
  readonly key: number;
}

/** What a call is known by: equal calls have one name. */
export const callName = (kind: string, { key }: JsonObject): string => `${kind} ${JSON.stringify(key)}`;

/**
 * What befalls an attempt at a run: our process dies; the client cancels; the client is gone and asks again for the same run, while the
 * attempt still goes on; our process stands still until another has taken the run over (`stalls`), or has ended it (`sleeps`).
 */
export type Blow = "crash" | "client leaves" | "client reconnects" | "stalls" | "sleeps";

/** Whether a blow falls before or after the thing is done. */
type Around<Event extends string> = `${Event} ${"before" | "after"}`;

/** What happens at the upstream when a call arrives, before or after it commits. */
export type CallFault = "none" | "refused" | Around<"lost" | Blow>;

/** What happens when the log is written, before or after the entry is durable. */
export type LogFault = "none" | Around<Exclude<Blow, "client leaves">>;

/** A program with what goes wrong while it runs, again and again with one run id. */
export interface Schedule {
  /** Groups go one after another; the calls of a group go at once. */
  readonly program: readonly (readonly ScheduledCall[])[];
  /** Taken in order as calls arrive at the upstream; none after the last. */
  readonly callFaults: readonly CallFault[];
  /** Taken in order as the log is written; none after the last. */
  readonly logFaults: readonly LogFault[];
}

const call: fc.Arbitrary<ScheduledCall> = fc.record({
  kind: fc.constantFrom<CallKind>("write", "write", "keyed", "read"),
  key: fc.nat({ max: 1 }),
});

const around = <Event extends string>(...events: readonly Event[]): Around<Event>[] =>
  events.flatMap((event) => [`${event} before`, `${event} after`] as const);

/** Schedules of a few calls and several faults. */
export const SCHEDULES: fc.Arbitrary<Schedule> = fc.record({
  program: fc.array(fc.array(call, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  callFaults: fc.array(
    fc.constantFrom<CallFault>(
      "none",
      "none",
      "none",
      "refused",
      ...around("lost", "crash", "client leaves", "client reconnects", "stalls", "sleeps"),
    ),
    { maxLength: 6 },
  ),
  logFaults: fc.array(
    fc.oneof(
      { weight: 2, arbitrary: fc.constant<LogFault>("none") },
      {
        weight: 1,
        arbitrary: fc.constantFrom<LogFault>(...around("crash", "client reconnects", "stalls", "sleeps")),
      },
    ),
    { maxLength: 12 },
  ),
});
