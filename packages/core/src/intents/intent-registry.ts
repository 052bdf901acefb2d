import { OptimizerError } from "@mcp-optimizer/contracts";
import { closestName } from "../run/closest-name.ts";
import type { Adaptor } from "./adaptor.ts";
import type { Intent } from "./intent.ts";

/** All intents, by name. */
export interface IntentRegistry {
  readonly intents: readonly Intent[];
  /** Throws `unknown_intent` with the nearest name. */
  get(name: string): Intent;
  /** Adds one, or replaces one that was added. Throws `conflict` when an adaptor or the configuration has that name. */
  add(intent: Intent): void;
}

/** Puts the intents of adaptors and single ones together. Throws `config_invalid` when two have one name, or two adaptors have. */
export function createIntentRegistry(
  adaptors: readonly Adaptor[] = [],
  single: readonly Intent[] = [],
): IntentRegistry {
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
  return {
    get intents() {
      return [...intents.values()];
    },
    get(name) {
      const found = intents.get(name);
      if (found !== undefined) return found;
      const meant = closestName(name, intents.keys());
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      throw new OptimizerError("unknown_intent", { detail: `${name.slice(0, 100)}${hint}` });
    },
    add(intent) {
      const owner = owners.get(intent.name);
      if (owner !== undefined) {
        throw new OptimizerError("conflict", { detail: `the intent ${intent.name} is defined by ${owner}` });
      }
      intents.set(intent.name, intent);
    },
  };
}
