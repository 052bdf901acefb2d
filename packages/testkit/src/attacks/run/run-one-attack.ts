import {
  OptimizerError,
  type GuestOutcome,
  type GuestProgram,
  type RunLimits,
  type SandboxBackend,
} from "@mcp-optimizer/contracts";
import type { Attack, AttackEnd, AttackTargets } from "../attack.ts";
import { AttackHost } from "../host/attack-host.ts";
import type { Canaries } from "../host/start-canaries.ts";
import { claimOf, lookThrough } from "./look-through.ts";

/** Ends that are a fault of the host or of the backend, whatever the program did. */
const FAULTS: ReadonlySet<AttackEnd> = new Set([
  "internal",
  "sandbox_unavailable",
  "shutting_down",
  "cancelled",
]);
/** What a run may take over its wall-clock limit until its outcome is there. */
const SLACK_MS = 3_000;

/** What one attack needs. */
export interface OneAttack {
  readonly backend: SandboxBackend;
  readonly attack: Attack;
  readonly program: GuestProgram;
  readonly limits: Readonly<RunLimits>;
  readonly targets: AttackTargets;
  readonly canaries: Canaries;
  readonly patience: number;
}

/** How one attack ended. */
export interface OneEnd {
  readonly end: AttackEnd | "no outcome";
  /** What was reached. */
  readonly reached: string | undefined;
  /** Why it did not end as it has to. */
  readonly wrong: string | undefined;
  /** What is wrong is that its time was over. */
  readonly outOfTime: boolean;
  readonly note: string;
}

/** Runs one attack in a guest of its own, and looks at what it did to the host. */
export async function runOneAttack(one: OneAttack): Promise<OneEnd> {
  const { backend, attack, program, limits, targets, canaries, patience } = one;
  const host = new AttackHost(limits);
  const lease = await backend.lease({ tenant: "attacker", limits });
  let outcome: GuestOutcome;
  try {
    outcome = await lease.session.run(program, host);
    host.over = true;
  } catch (error) {
    const code = OptimizerError.is(error) ? error.code : String(error);
    const reached = await canaries.reached(targets);
    return { end: "no outcome", reached, wrong: `no outcome: ${code}`, outOfTime: false, note: code };
  } finally {
    await lease.dispose();
  }
  const reached =
    (await canaries.reached(targets)) ??
    (await lookThrough([outcome, host.calls], canaries.secret)) ??
    host.excess() ??
    claimOf(outcome.value) ??
    attack.reached?.({ outcome, limits, calls: host.calls });
  const end = outcome.failure?.code ?? "value";
  const slow = outcome.usage.wallMs > limits.wallMs + SLACK_MS * patience;
  const wrong = slow ? `it took ${Math.round(outcome.usage.wallMs)} ms` : wrongEnd(attack, end, outcome);
  return {
    end,
    reached,
    wrong,
    outOfTime: wrong !== undefined && (slow || end === "timeout"),
    note: describe(outcome, end),
  };
}

function wrongEnd({ ends }: Attack, end: AttackEnd, outcome: GuestOutcome): string | undefined {
  // It never came to the attack.
  if (stayedIn(outcome)) return undefined;
  const right = ends === undefined ? !FAULTS.has(end) : ends.includes(end);
  return right ? undefined : `it ended with ${end}`;
}

function describe(outcome: GuestOutcome, end: AttackEnd): string {
  const { failure, value } = outcome;
  if (failure !== undefined) return `${end}: ${failure.message}`.slice(0, 160);
  if (stayedIn(outcome)) return "no way out of its realm";
  // A long value is not worth the time of the event loop.
  return typeof value === "object" && value !== null
    ? `value with ${Object.keys(value).slice(0, 6).join(", ")}`
    : `value ${String(value).slice(0, 80)}`;
}

function stayedIn({ value }: GuestOutcome): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && value["realm"] === "closed";
}
