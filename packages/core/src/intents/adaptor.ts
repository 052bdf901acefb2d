import { OptimizerError } from "@mcp-optimizer/contracts";
import type { Intent } from "./intent.ts";

/** Intents of one service, under its name. */
export interface Adaptor {
  readonly name: string;
  readonly description: string;
  readonly intents: readonly Intent[];
}

const NAME = /^[a-z][a-z0-9-]{0,63}$/;

/** Defines an adaptor. Throws `config_invalid` for a name that is none, one without intents, and two intents of one name. */
export function defineAdaptor(adaptor: Adaptor): Adaptor {
  const { name, intents } = adaptor;
  const fail = (why: string): never => {
    throw new OptimizerError("config_invalid", { detail: `the adaptor ${JSON.stringify(name)} ${why}` });
  };
  if (!NAME.test(name)) fail("is not named in lower case letters, digits and hyphens");
  if (intents.length === 0) fail("has no intents");
  const seen = new Set<string>();
  for (const intent of intents) {
    if (seen.has(intent.name)) fail(`has two intents named ${intent.name}`);
    seen.add(intent.name);
  }
  return adaptor;
}
