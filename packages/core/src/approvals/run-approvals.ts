import type { PlannedCall } from "@mcp-optimizer/contracts";

/** What a run may do because a person said so, and what it would do beyond that. */
export interface RunApprovals {
  /** Whether there is an approval of a call. */
  has(key: string): boolean;
  /** Uses up the approval of a call. False when there is none. */
  take(key: string): boolean;
  /** Whether the run is followed only to see what it would do: since its first call that nobody has approved. */
  readonly planning: boolean;
  /** Notes a call that is not made. From now on the run is planning. */
  plan(key: string, call: PlannedCall): void;
  /** What was planned, in order, and the keys of those that are asked about. */
  readonly plans: readonly PlannedCall[];
  readonly keys: readonly string[];
}

/** Starts a run with the approvals that it has, one key for each call. */
export function createRunApprovals(approved: readonly string[] = []): RunApprovals {
  const left = new Map<string, number>();
  for (const key of approved) left.set(key, (left.get(key) ?? 0) + 1);
  const plans: PlannedCall[] = [];
  const keys: string[] = [];
  return {
    plans,
    keys,
    has: (key) => (left.get(key) ?? 0) > 0,
    take(key) {
      const count = left.get(key) ?? 0;
      if (count === 0) return false;
      left.set(key, count - 1);
      return true;
    },
    get planning() {
      return plans.length > 0;
    },
    plan(key, call) {
      plans.push(call);
      if (call.asked) keys.push(key);
    },
  };
}
