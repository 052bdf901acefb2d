import { OptimizerError, type Effect, type Language, type Log, type Policy } from "@mcp-optimizer/contracts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { RESERVED_NAMESPACES } from "../catalogue/reserved-names.ts";
import type { PreparedProgram } from "../program/prepare-program.ts";
import type { ProgramTrace } from "../trace/program-trace.ts";
import { checkIntent } from "./check-intent.ts";
import type { Intent } from "./intent.ts";
import { intentEffect } from "./intent-effect.ts";
import type { IntentRegistry } from "./intent-registry.ts";

/** What is known of an intent beside its definition. */
export interface IntentState {
  readonly intent: Intent;
  /** What it requires and is not here. It is not listed while there is any. */
  readonly missing: readonly string[];
  /** Where its schema, what stands behind it and the catalogue contradict each other. It cannot be called while there is any. */
  readonly findings: readonly string[];
  readonly effect: Effect;
}

/** What a watch stands on. */
export interface IntentWatchParts {
  readonly registry: IntentRegistry;
  readonly catalogue: () => Catalogue;
  readonly policy: Pick<Policy, "effect">;
  readonly prepare: (text: string, language: Language) => Promise<PreparedProgram>;
  /** Names that every guest has; asked only when a program uses one that nobody else knows. */
  readonly globals: () => Promise<ReadonlySet<string> | undefined>;
  readonly log: Log;
}

/** Keeps what is known of the intents in step with the registry and the catalogue. */
export interface IntentWatch {
  /** Of every intent, as {@link IntentWatch.look} found it. An intent that was added since is taken as one without findings. */
  readonly states: readonly IntentState[];
  state(intent: Intent): IntentState;
  /** What contradicts an intent, whether it is in the registry or not. */
  inspect(intent: Intent): Promise<IntentState>;
  /** Looks at all intents. Those with new findings are named in the log. Resolves with whether anything is otherwise than before. */
  look(): Promise<boolean>;
}

/** Makes an {@link IntentWatch}. */
export function createIntentWatch(parts: IntentWatchParts): IntentWatch {
  const { registry, catalogue, policy, log } = parts;
  const traces = new WeakMap<Intent, Promise<ReadProgram>>();
  const known = new WeakMap<Intent, IntentState>();
  const readOnce = (intent: Intent): Promise<ReadProgram> => {
    const reading = traces.get(intent) ?? readProgram(intent, parts);
    traces.set(intent, reading);
    return reading;
  };

  const inspect = async (intent: Intent): Promise<IntentState> => {
    const { trace, problem } = await readOnce(intent);
    const globals = trace && hasOddNames(trace, catalogue()) ? await parts.globals() : HOST_GLOBALS;
    // The newest, after all waiting.
    const now = catalogue();
    const effect = intentEffect(intent, now, policy, trace);
    const missing = missingOf(intent, now);
    const surroundings = { catalogue: now, trace, globals: globals && withNamespaces(globals), effect };
    const findings = missing.length > 0 ? [] : checkIntent(intent, surroundings);
    return { intent, missing, findings: problem === undefined ? findings : [problem, ...findings], effect };
  };
  const state = (intent: Intent): IntentState => {
    const { findings = [], effect = "unknown" } = known.get(intent) ?? {};
    return { intent, findings, effect, missing: missingOf(intent, catalogue()) };
  };
  const tell = ({ intent, findings, missing }: IntentState, before: IntentState | undefined): void => {
    if (findings.length > 0 && String(before?.findings) !== String(findings)) {
      const message = `The intent ${intent.name} cannot be called: ${findings.join("; ")}`;
      log({ level: "warn", message });
    }
    if (missing.length > 0 && String(before?.missing) !== String(missing)) {
      const message = `The intent ${intent.name} is not listed: it needs ${missing.join(", ")}`;
      log({ level: "info", message });
    }
  };

  return {
    get states() {
      return registry.intents.map(state);
    },
    state,
    inspect,
    async look() {
      const found = await Promise.all(registry.intents.map(inspect));
      let changed = false;
      for (const now of found) {
        const before = known.get(now.intent);
        known.set(now.intent, now);
        tell(now, before);
        changed ||= !sameState(before, now);
      }
      return changed;
    },
  };
}

interface ReadProgram {
  readonly trace?: ProgramTrace | undefined;
  readonly problem?: string;
}

async function readProgram({ code, language }: Intent, { prepare }: IntentWatchParts): Promise<ReadProgram> {
  if (code === undefined) return {};
  try {
    return { trace: (await prepare(code, language)).trace };
  } catch (error) {
    if (!OptimizerError.is(error)) throw error;
    return { problem: error.message };
  }
}

/** Tools and servers that an intent requires and the catalogue does not have. */
function missingOf({ requires }: Intent, catalogue: Catalogue): string[] {
  return requires.filter(
    (need) => catalogue.resolve(need) === undefined && !((catalogue.server(need)?.tools.length ?? 0) > 0),
  );
}

const HOST_GLOBALS: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(globalThis));

const withNamespaces = (globals: ReadonlySet<string>): ReadonlySet<string> =>
  globals === HOST_GLOBALS ? new Set([...globals, ...RESERVED_NAMESPACES]) : globals;

/** Whether a program uses a name that only a guest can know. */
function hasOddNames({ freeNames }: ProgramTrace, { servers }: Catalogue): boolean {
  return freeNames.some(
    ({ name }) =>
      !HOST_GLOBALS.has(name) &&
      !RESERVED_NAMESPACES.has(name) &&
      !servers.some(({ namespace }) => namespace === name),
  );
}

const sameState = (a: IntentState | undefined, b: IntentState): boolean =>
  a?.effect === b.effect &&
  String(a.findings) === String(b.findings) &&
  String(a.missing) === String(b.missing);
