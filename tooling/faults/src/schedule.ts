import fc from "fast-check";

/** A call of the program. */
export interface ScheduledCall {
  readonly kind: "read" | "write";
  /** Calls with one key are equal. */
  readonly key: number;
}

/**
 * What happens at the upstream when a call arrives: it works; it is refused; the reply is lost before or after the commit;
 * our process dies before or after it; the client goes away before or after it.
 */
export type CallFault =
  | "none"
  | "refused"
  | "lost before"
  | "lost after"
  | "crash before"
  | "crash after"
  | "client leaves before"
  | "client leaves after";

/** What happens when the log is written: nothing; our process dies before or after the entry is durable. */
export type LogFault = "none" | "crash before" | "crash after";

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
  kind: fc.constantFrom("write", "write", "read"),
  key: fc.nat({ max: 2 }),
});

/** Schedules of a few calls and several faults. */
export const SCHEDULES: fc.Arbitrary<Schedule> = fc.record({
  program: fc.array(fc.array(call, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  callFaults: fc.array(
    fc.constantFrom<CallFault>(
      "none",
      "none",
      "refused",
      "lost before",
      "lost after",
      "crash before",
      "crash after",
      "client leaves before",
      "client leaves after",
    ),
    { maxLength: 6 },
  ),
  logFaults: fc.array(
    fc.constantFrom<LogFault>("none", "none", "none", "none", "crash before", "crash after"),
    {
      maxLength: 12,
    },
  ),
});
