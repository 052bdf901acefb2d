import type { Clock, ToolProvider } from "@mcp-optimizer/contracts";
import { buildCatalogue } from "./build-catalogue.ts";
import type { Catalogue } from "./catalogue.ts";

/** Holds the newest snapshot of a changing set of servers. */
export interface CatalogueStore {
  /** The newest snapshot. Replaced, never changed. */
  readonly current: Catalogue;
  /** Reads the providers now, without waiting. Returns the newest snapshot. */
  refresh(): Catalogue;
  /** Calls the listener after each new snapshot. Returns the unsubscriber. */
  onChange(listener: (catalogue: Catalogue) => void): () => void;
  /** Stops listening to the providers, which stay open. Idempotent. */
  dispose(): void;
}

/** Settings of {@link watchCatalogue}. */
export interface CatalogueStoreOptions {
  readonly clock: Pick<Clock, "schedule">;
  /** Milliseconds from a first change to the new snapshot, which takes in all changes until then. Default 100. */
  readonly debounceMs?: number;
}

/** Keeps a catalogue of the providers' tools, rebuilt after their changes. The first snapshot is there at once. */
export function watchCatalogue(
  providers: readonly ToolProvider[],
  options: CatalogueStoreOptions,
): CatalogueStore {
  const { clock, debounceMs = 100 } = options;
  const listeners = new Set<(catalogue: Catalogue) => void>();
  // What the engine itself adds is not shown while it is empty.
  const shown = (): readonly ToolProvider[] =>
    providers.filter((provider) => !("composes" in provider) || provider.tools.length > 0);
  let current = buildCatalogue(shown());
  let cancel: (() => void) | undefined;
  let disposed = false;

  const refresh = (): Catalogue => {
    cancel?.();
    cancel = undefined;
    if (disposed) return current;
    const next = buildCatalogue(shown(), current);
    if (next === current) return current;
    current = next;
    for (const listener of listeners) listener(next);
    return current;
  };
  const unsubscribers = providers.map((provider) =>
    provider.onChange(() => {
      if (!disposed) cancel ??= clock.schedule(debounceMs, refresh);
    }),
  );

  return {
    get current() {
      return current;
    },
    refresh,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      disposed = true;
      cancel?.();
      cancel = undefined;
      listeners.clear();
      for (const unsubscribe of unsubscribers) unsubscribe();
    },
  };
}
