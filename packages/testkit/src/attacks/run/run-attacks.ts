import type { Language, SandboxBackend } from "@mcp-optimizer/contracts";
import { ATTACK_LIMITS } from "../attack-limits.ts";
import { ATTACKS } from "../attack-list.ts";
import type { Attack } from "../attack.ts";
import { changedFact, hostFacts, leftOnHost } from "../host/host-facts.ts";
import { LoopWatch } from "../host/loop-watch.ts";
import { guardPrototypes } from "../host/prototype-guard.ts";
import { Canaries } from "../host/start-canaries.ts";
import { buildProgram } from "../payload/build-program.ts";
import type { AttackReport, AttackResult } from "./attack-report.ts";
import { runOneAttack, type OneEnd } from "./run-one-attack.ts";
import { startVictim } from "./victim-guest.ts";

/** What to run. */
export interface AttackRunOptions {
  /** The caller disposes it. A pool made for {@link ATTACK_LIMITS} makes the suite fast. */
  readonly backend: SandboxBackend;
  /** Default: those that the backend can run. */
  readonly languages?: readonly Language[];
  /** Runs only attacks whose id begins so. */
  readonly only?: string;
  /** Runs each attack in one of its languages, in turn, instead of in all: for guests that start slowly. Default false. */
  readonly alternate?: boolean;
  /** Runs one attack in so many: for guests that are slow throughout. Default 1. */
  readonly sample?: number;
  /** Attacks at once. Default 6. */
  readonly concurrency?: number;
  /** How many times longer a run may take. Default 1. */
  readonly patience?: number;
  /** How many times more CPU time a run may take, for a processor that is emulated; a pool has to be made for it. Default 1. */
  readonly slowness?: number;
  readonly attacks?: readonly Attack[];
  readonly onResult?: (result: AttackResult) => void;
}

interface Planned {
  readonly attack: Attack;
  readonly language: Language;
  readonly index: number;
}

/** Runs the attacks on a backend. Each gets a guest of its own; what it did is looked for on the host, not asked of it. */
export async function runAttacks(options: AttackRunOptions): Promise<AttackReport> {
  const {
    backend,
    only = "",
    patience = 1,
    concurrency = 6,
    alternate = false,
    sample = 1,
    slowness = 1,
  } = options;
  const languages = options.languages ?? (await backend.probe()).languages;
  const planned = (options.attacks ?? ATTACKS)
    .filter(({ id }) => id.startsWith(only))
    .filter((_, index) => index % sample === 0)
    .flatMap((attack, turn) => {
      const own = languages.filter((language) => attack[language] !== undefined);
      return own
        .filter((_, index) => !alternate || index === turn % own.length)
        .map((language) => ({ attack, language }));
    })
    .map((each, index): Planned => ({ ...each, index }));
  const canaries = await Canaries.start();
  const watch = new LoopWatch();
  try {
    const victim = await startVictim(backend, ATTACK_LIMITS, canaries.secret);
    const results: AttackResult[] = [];
    const changed = guardPrototypes();
    let facts = await hostFacts();
    const queue = planned.values();
    const work = async (): Promise<void> => {
      for (const { attack, language, index } of queue) {
        const limits = { ...ATTACK_LIMITS, ...attack.limits };
        limits.wallMs *= patience;
        limits.cpuMs *= slowness;
        const targets = await canaries.targets(index, victim.name, process.getuid?.() === 0);
        const program = buildProgram(attack, language, targets)!;
        const startedAt = performance.now();
        watch.underWay.add(attack.id);
        const one = await runOneAttack({ backend, attack, program, limits, targets, canaries, patience });
        watch.underWay.delete(attack.id);
        const now = await hostFacts();
        const fact = changedFact(facts, now);
        facts = now;
        const reached =
          one.reached ?? changed() ?? (fact === undefined ? undefined : `it changed ${fact} of the host`);
        results[index] = asResult(attack, language, { ...one, reached }, performance.now() - startedAt);
        options.onResult?.(results[index]);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    const harm = await victim.end();
    const loop = watch.stop();
    const left = await leftOnHost(canaries.mark);
    const attacks = results.map((result, index) => withRemains(result, `${canaries.mark}-${index}-`, left));
    const unattributed = [...canaries.unmarked, ...(harm === undefined ? [] : [harm])];
    const escaped = attacks.filter((each) => each.escaped).length + (unattributed.length > 0 ? 1 : 0);
    return { backend: backend.name, attacks, escaped, unattributed, loop };
  } finally {
    watch.stop();
    await canaries.stop();
  }
}

function asResult(attack: Attack, language: Language, one: OneEnd, ms: number): AttackResult {
  const { reached, wrong, outOfTime, note } = one;
  return {
    id: attack.id,
    group: attack.group,
    language,
    held: reached === undefined && wrong === undefined,
    escaped: reached !== undefined,
    outOfTime: outOfTime && reached === undefined,
    note: [reached, wrong, note].filter((part) => part !== undefined).join("; "),
    ms: Math.round(ms),
  };
}

/** What a guest left on the host is an escape, whatever the run looked like. */
function withRemains(result: AttackResult, nonce: string, left: readonly string[]): AttackResult {
  const own = left.find((each) => each.includes(nonce));
  if (own === undefined) return result;
  return { ...result, held: false, escaped: true, note: `it left a ${own}; ${result.note}` };
}
