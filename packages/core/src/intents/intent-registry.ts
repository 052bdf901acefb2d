import { OptimizerError } from "@mcp-optimizer/contracts";
import { closestName } from "../run/closest-name.ts";
import type { Adaptor } from "./adaptor.ts";
import type { Intent } from "./intent.ts";

/** All intents, by name. */
export interface IntentRegistry {
  /** The array is replaced when something changes, never changed. */
  readonly intents: readonly Intent[];
  /** Throws `unknown_intent` with the nearest name. */
  get(name: string): Intent;
  /** Who defined an intent, such as `the adaptor git`; undefined for one that was added, and for a name that is none. */
  owner(name: string): string | undefined;
  /** Adds one, or replaces one that was added. Throws `conflict` when an adaptor or the configuration has that name. */
  add(intent: Intent): void;
  /** Takes out one that was added. False when there is none; what adaptors and the configuration define stays. */
  remove(name: string): boolean;
  /** Calls the listener after each change. Returns the unsubscriber. */
  onChange(listener: () => void): () => void;
}

/** Puts the intents of adaptors and single ones together. Throws `config_invalid` when two have one name, or two adaptors have. */
export function createIntentRegistry(
  adaptors: readonly Adaptor[] = [],
  single: readonly Intent[] = [],
): IntentRegistry {
  const { intents, owners } = definedIntents(adaptors, single);
  const listeners = new Set<() => void>();
  let list: readonly Intent[] = [...intents.values()];
  const changed = (): void => {
    list = [...intents.values()];
    for (const listener of listeners) listener();
  };
  return {
    get intents() {
      return list;
    },
    get(name) {
      const found = intents.get(name);
      if (found !== undefined) return found;
      const meant = closestName(name, intents.keys());
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      throw new OptimizerError("unknown_intent", { detail: `${name.slice(0, 100)}${hint}` });
    },
    owner: (name) => owners.get(name),
    add(intent) {
      const owner = owners.get(intent.name);
      if (owner !== undefined) {
        throw new OptimizerError("conflict", { detail: `the intent ${intent.name} is defined by ${owner}` });
      }
      intents.set(intent.name, intent);
      changed();
    },
    remove(name) {
      if (owners.has(name) || !intents.delete(name)) return false;
      changed();
      return true;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function definedIntents(
  adaptors: readonly Adaptor[],
  single: readonly Intent[],
): { intents: Map<string, Intent>; owners: Map<string, string> } {
  const owners = new Map<string, string>();
  const intents = new Map<string, Intent>();
  const names = new Set<string>();
  const own = (intent: Intent, owner: string): void => {
    const other = owners.get(intent.name);
    if (other !== undefined) {
      throw new OptimizerError("config_invalid", {
        detail: `the intent ${intent.name} is defined by ${other} and by ${owner}`,
      });
    }
    owners.set(intent.name, owner);
    intents.set(intent.name, intent);
  };
  for (const { name, intents: parts } of adaptors) {
    if (names.has(name)) {
      throw new OptimizerError("config_invalid", { detail: `there are two adaptors named ${name}` });
    }
    names.add(name);
    for (const intent of parts) own(intent, `the adaptor ${name}`);
  }
  for (const intent of single) own(intent, "the configuration");
  return { intents, owners };
}
