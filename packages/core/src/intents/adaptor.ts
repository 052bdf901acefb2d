import { OptimizerError, type JsonObject } from "@mcp-optimizer/contracts";
import { InversesSchema, type Inverses } from "../runs/inverses.ts";
import type { Intent } from "./intent.ts";

/** Intents of one service, under its name. */
export interface Adaptor {
  readonly name: string;
  readonly description: string;
  readonly intents: readonly Intent[];
  /** How calls of its service's tools are taken back; what the operator declares goes before it. Default: none. */
  readonly inverses?: Inverses;
}

/** What a function that makes an adaptor gets. */
export interface AdaptorContext {
  /** The `options` of its entry in the configuration. Default `{}`. */
  readonly options: JsonObject;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Makes an adaptor for a configuration. What a package of an adaptor exports as `default` or `adaptor` is one of these, or an {@link Adaptor}. */
export type AdaptorFactory = (context: AdaptorContext) => Adaptor | Promise<Adaptor>;

const NAME = /^[a-z][a-z0-9-]{0,63}$/;

/** Defines an adaptor. Throws `config_invalid` for a name that is none, one without intents, two intents of one name, and inverses that cannot be. */
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
  const inverses = InversesSchema.safeParse(adaptor.inverses ?? {});
  if (!inverses.success) {
    const { path, message } = inverses.error.issues[0]!;
    fail(`declares inverses of which ${path.map(String).join(".")} ${message}`);
  }
  return adaptor;
}
