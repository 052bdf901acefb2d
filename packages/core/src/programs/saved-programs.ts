import {
  OptimizerError,
  type Clock,
  type ExecutionLog,
  type JsonObject,
  type Log,
  type LoggedRun,
  type RunSource,
  type SavedProgram,
  type SavedProgramStore,
} from "@mcp-optimizer/contracts";
import { isIntentName, type Intent } from "../intents/intent.ts";
import type { IntentRegistry } from "../intents/intent-registry.ts";
import type { IntentState } from "../intents/intent-watch.ts";
import { inferSchema } from "./infer-schema.ts";
import { parameterSchema, savedIntent } from "./saved-intent.ts";

/** A run to keep under a name. */
export interface SaveRequest {
  /** Whose run it is. Default `local`. */
  readonly tenant?: string;
  /** A run of a program that ended well. */
  readonly runId: string;
  /** Lower case letters, digits and underscores. */
  readonly name: string;
  /** For search, and for who calls it. */
  readonly description: string;
  /** JSON Schema of the parameters. Default: the types of those that the run was given. */
  readonly params?: JsonObject;
}

/** Programs that worked, kept as intents. All tenants may call them, with their own rights; only who saved one may replace it. */
export interface SavedPrograms {
  /** Keeps a run's program as an intent, as the next version of its name. Rejects with `not_found`, `conflict` or `invalid_params`, and keeps nothing. */
  save(request: SaveRequest): Promise<SavedProgram>;
  /** The newest version of each. */
  list(): Promise<readonly SavedProgram[]>;
  /** A version, or the newest. Rejects with `not_found`. */
  read(name: string, version?: number): Promise<SavedProgram>;
  /** Takes out all versions. Rejects with `not_found`. */
  remove(name: string): Promise<void>;
  /** Makes intents of what the store holds now, and takes out those that it holds no more. */
  load(): Promise<void>;
}

/** What saved programs stand on. */
export interface SavedProgramsParts {
  readonly store: SavedProgramStore;
  readonly executionLog: Pick<ExecutionLog, "read">;
  readonly registry: IntentRegistry;
  /** What contradicts an intent. */
  readonly inspect: (intent: Intent) => Promise<IntentState>;
  /** Told of what was saved or removed here. Default: nobody is. */
  readonly onChange?: () => void;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

const LONGEST_DESCRIPTION = 1_000;

/** Makes {@link SavedPrograms}. Call `load` once. */
export function createSavedPrograms(parts: SavedProgramsParts): SavedPrograms {
  const { store, registry, log, clock } = parts;
  const loaded = new Set<string>();
  const add = (intent: Intent): void => {
    registry.add(intent);
    loaded.add(intent.name);
  };
  return {
    async save({ tenant = "local", runId, name, description, params }) {
      checkNames(name, description, registry);
      const { code, language, params: given } = await programOf(parts, tenant, runId);
      const schema = parameterSchema(params ?? inferSchema(given ?? {}));
      const newest = await store.read(name);
      if (newest !== undefined && newest.tenant !== tenant) {
        throw new OptimizerError("conflict", { detail: `another tenant saved a program as ${name}` });
      }
      const version = (newest?.version ?? 0) + 1;
      const text = description.trim();
      const program = {
        tenant,
        name,
        version,
        description: text,
        language,
        code,
        params: schema,
        runId,
        at: clock.now(),
      };
      const intent = savedIntent(program);
      await checkFit(parts, intent, given);
      await store.save(program);
      add(intent);
      parts.onChange?.();
      return program;
    },
    list: () => store.list(),
    async read(name, version) {
      const program = await store.read(name, version);
      if (program !== undefined) return program;
      throw noProgram(version === undefined ? name : `${name}, version ${version}`);
    },
    async remove(name) {
      const removed = await store.remove(name);
      loaded.delete(name);
      registry.remove(name);
      if (!removed) throw noProgram(name);
      parts.onChange?.();
    },
    async load() {
      const programs = await store.list();
      const names = new Set(programs.map(({ name }) => name));
      for (const name of loaded) {
        if (names.has(name)) continue;
        loaded.delete(name);
        registry.remove(name);
      }
      for (const program of programs) {
        const { name, version } = program;
        const owner = registry.owner(name);
        if (owner === undefined) add(savedIntent(program));
        else {
          const message = `The saved program ${name}, version ${version}, is not used: ${owner} defines an intent of that name`;
          log({ level: "warn", message });
        }
      }
    },
  };
}

function checkNames(name: string, description: string, registry: IntentRegistry): void {
  if (!isIntentName(name)) {
    throw new OptimizerError("invalid_params", {
      detail: `${JSON.stringify(name.slice(0, 100))} cannot be a name: lower case letters, digits and underscores, at most 64`,
    });
  }
  const { length } = description.trim();
  if (length === 0 || length > LONGEST_DESCRIPTION) {
    throw new OptimizerError("invalid_params", {
      detail: `a description has 1 to ${LONGEST_DESCRIPTION} characters, not ${length}`,
    });
  }
  const owner = registry.owner(name);
  if (owner !== undefined) {
    throw new OptimizerError("conflict", { detail: `the intent ${name} is defined by ${owner}` });
  }
}

/** The program of a run that ended well. */
async function programOf(
  { executionLog }: SavedProgramsParts,
  tenant: string,
  runId: string,
): Promise<RunSource & { kind: "program" }> {
  const run = await executionLog.read(tenant, runId);
  if (run === undefined) throw new OptimizerError("not_found", { detail: `no run ${runId.slice(0, 100)}` });
  const { source } = run;
  const why = source.kind === "program" ? unfit(run) : "it is not the run of a program";
  if (why === undefined && source.kind === "program") return source;
  throw new OptimizerError("conflict", { detail: `the run ${runId} cannot be saved: ${why}` });
}

function unfit({ state, end }: LoggedRun): string | undefined {
  if (state === "open") return "it is still under way";
  if (end === undefined) return "it did not come to an end";
  return end.error && `it failed with ${end.error.code}`;
}

/** What is saved must be callable: the parameters that the run had fit, and the program does not contradict them. */
async function checkFit(
  { inspect }: SavedProgramsParts,
  intent: Intent,
  given: JsonObject | undefined,
): Promise<void> {
  const fits = given === undefined ? undefined : intent.input.safeParse(given);
  const issue = fits?.error?.issues[0];
  if (issue !== undefined) {
    const where = ["params", ...issue.path].join(".");
    throw new OptimizerError("invalid_params", {
      detail: `the run's own parameters do not fit the schema: ${where}: ${issue.message}`,
    });
  }
  const { findings } = await inspect(intent);
  if (findings.length > 0) {
    throw new OptimizerError("invalid_params", {
      detail: `the program and its parameters contradict each other: ${findings.join("; ")}`,
      data: { findings: [...findings] },
    });
  }
}

const noProgram = (name: string): OptimizerError =>
  new OptimizerError("not_found", { detail: `no saved program ${name.slice(0, 100)}` });
