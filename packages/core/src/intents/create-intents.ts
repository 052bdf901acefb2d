import type {
  Clock,
  ExecutionLog,
  ExecutionMode,
  Language,
  Log,
  Metrics,
  Policy,
  SavedProgramStore,
} from "@mcp-optimizer/contracts";
import { buildCatalogue } from "../catalogue/build-catalogue.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CatalogueStore } from "../catalogue/catalogue-store.ts";
import type { PreparedProgram } from "../program/prepare-program.ts";
import { saveProgramTool } from "../programs/save-program-tool.ts";
import { createSavedPrograms, type SavedPrograms } from "../programs/saved-programs.ts";
import type { Adaptor } from "./adaptor.ts";
import type { Intent } from "./intent.ts";
import type { IntentCache } from "../cache/intent-cache.ts";
import { createIntentProvider, type IntentProvider } from "./intent-provider.ts";
import { createIntentRegistry, type IntentRegistry } from "./intent-registry.ts";
import { IntentRouter, type IntentRouterParts } from "./intent-router.ts";
import { createIntentWatch, type IntentState } from "./intent-watch.ts";

/** What intents stand on. The functions are called after {@link Intents.start} only. */
export interface IntentsParts extends Pick<IntentRouterParts, "callTool" | "direct" | "run" | "maxDepth"> {
  readonly mode: ExecutionMode;
  readonly adaptors: readonly Adaptor[];
  /** Beside those of adaptors. */
  readonly intents: readonly Intent[];
  readonly programStore: SavedProgramStore;
  /** Whether a model may save programs, as policy decides on it. */
  readonly modelMaySave: boolean;
  readonly executionLog: Pick<ExecutionLog, "read">;
  readonly policy: Pick<Policy, "effect">;
  readonly prepare: (text: string, language: Language) => Promise<PreparedProgram>;
  /** Names that every guest has; undefined while unknown. */
  readonly globals: () => Promise<ReadonlySet<string> | undefined>;
  /** Answers intents that only read from what they gave before. Default: nothing does. */
  readonly cache?: IntentCache;
  /** Told when a program was saved or removed here. Default: nobody is. */
  readonly onSaved?: () => void;
  readonly metrics?: Metrics | undefined;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** All intents of an optimizer, with what finds, checks, does and keeps them. */
export interface Intents {
  readonly registry: IntentRegistry;
  readonly programs: SavedPrograms;
  readonly router: IntentRouter;
  /** One of the catalogue's providers. */
  readonly provider: IntentProvider;
  /** What is known of each. */
  readonly states: readonly IntentState[];
  /** Loads the saved programs, checks all intents, and follows the catalogue, which has the provider among its own. */
  start(store: CatalogueStore): Promise<void>;
}

/** Puts the intents together. Throws `config_invalid` when two have one name, or two adaptors have. */
export function createIntents(parts: IntentsParts): Intents {
  const { executionLog, clock, log, metrics } = parts;
  const registry = createIntentRegistry(parts.adaptors, parts.intents);
  let catalogue: () => Catalogue = () => NOTHING;
  const watch = createIntentWatch({ ...parts, registry, catalogue: () => catalogue() });
  const { mode, callTool, direct, run, maxDepth, cache } = parts;
  const router = new IntentRouter({
    mode,
    callTool,
    direct,
    run,
    registry,
    ...(maxDepth !== undefined && { maxDepth }),
    ...(cache && { cache }),
    ...(metrics && { metrics }),
    state: (intent) => watch.state(intent),
    onFallback: (intent, { code }) =>
      log({ level: "debug", message: `The tool of ${intent} failed with ${code}; its program is tried` }),
  });
  const { programStore: store } = parts;
  const programs = createSavedPrograms({
    store,
    executionLog,
    registry,
    inspect: (intent) => watch.inspect(intent),
    ...(parts.onSaved && { onChange: parts.onSaved }),
    clock,
    log,
  });
  const more = parts.modelMaySave ? [saveProgramTool(programs)] : [];
  const provider = createIntentProvider({ registry, router, states: () => watch.states, more });

  return {
    registry,
    programs,
    router,
    provider,
    get states() {
      return watch.states;
    },
    async start(catalogueStore) {
      catalogue = () => catalogueStore.current;
      await programs.load();
      await look();
      const again = (): void =>
        void look().catch((cause: unknown) =>
          log({ level: "error", message: "Intents could not be checked", cause }),
        );
      catalogueStore.onChange(again);
      registry.onChange(() => {
        catalogueStore.refresh();
        again();
      });

      /** What is known of an intent may change what is known of those that call it: once more for each level. */
      async function look(): Promise<void> {
        for (let level = 0; level < MOST_LEVELS; level += 1) {
          const before = catalogueStore.current;
          await watch.look();
          provider.refresh();
          if (catalogueStore.refresh() === before) return;
        }
      }
    },
  };
}

const MOST_LEVELS = 10;

/** What is there before the start. */
const NOTHING: Catalogue = buildCatalogue([]);
