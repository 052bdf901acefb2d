import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { JsonObject } from "@mcp-optimizer/contracts";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import { defineAdaptor, type Adaptor, type AdaptorFactory } from "@mcp-optimizer/core";
import type { AdaptorEntry } from "./adaptor-entries.ts";
import { importModule } from "./import-module.ts";

/** Where adaptors come from. */
export interface LoadAdaptorsOptions {
  /** The configuration: paths are relative to its folder, and packages are looked for from there. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default: Node's own. */
  readonly load?: (specifier: string, file: string) => Promise<Record<string, unknown>>;
}

/**
 * Loads adaptors, in order: the `default` or `adaptor` of each module, which is an adaptor, or a function of `{ options, env }` that gives
 * one. They run in this process, with all its rights. Rejects with `config_invalid` naming the entry, when one cannot be loaded, throws,
 * is none, or has the name of another.
 */
export async function loadAdaptors(
  entries: readonly AdaptorEntry[],
  options: LoadAdaptorsOptions,
): Promise<Adaptor[]> {
  const adaptors: Adaptor[] = [];
  const places = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    const { use: name, options: given = {} } = typeof entry === "string" ? { use: entry } : entry;
    const place = `optimizer.adaptors[${index}] (${name})`;
    const adaptor = await loadAdaptor(name, given, place, options);
    const other = places.get(adaptor.name);
    if (other !== undefined) throw invalid(`${place} has the name of ${other}: ${adaptor.name}`);
    places.set(adaptor.name, place);
    adaptors.push(adaptor);
  }
  return adaptors;
}

async function loadAdaptor(
  name: string,
  options: JsonObject,
  place: string,
  { file, env, load = importModule }: LoadAdaptorsOptions,
): Promise<Adaptor> {
  const module = await load(specifierOf(name, file), resolve(file)).catch((cause: unknown) => {
    throw invalid(`${place} cannot be loaded: ${reasonOf(cause)}`, cause);
  });
  const exported = module["default"] ?? module["adaptor"];
  let made: unknown = exported;
  if (typeof exported === "function") {
    try {
      made = await (exported as AdaptorFactory)({ options, env });
    } catch (cause) {
      throw invalid(`${place} could not be made: ${reasonOf(cause)}`, cause);
    }
  } else if (Object.keys(options).length > 0) {
    throw invalid(`${place} takes no options: what it exports is not a function`);
  }
  if (!isAdaptor(made)) {
    throw invalid(`${place} exports no adaptor; its default export is one, or a function that gives one`);
  }
  try {
    return defineAdaptor(made);
  } catch (cause) {
    throw invalid(`${place}: ${reasonOf(cause)}`, cause);
  }
}

/** Paths as URLs; names of packages as they are. */
const specifierOf = (name: string, file: string): string =>
  /^\.{1,2}[/\\]/.test(name) || isAbsolute(name) ? pathToFileURL(resolve(file, "..", name)).href : name;

/** The parts that `defineIntent` makes; it may be that of another copy of the package. */
function isAdaptor(value: unknown): value is Adaptor {
  if (!isRecord(value) || typeof value["name"] !== "string" || !Array.isArray(value["intents"])) return false;
  return value["intents"].every(
    (intent: unknown) =>
      isRecord(intent) &&
      typeof intent["name"] === "string" &&
      typeof intent["description"] === "string" &&
      Array.isArray(intent["requires"]) &&
      isRecord(intent["inputSchema"]) &&
      isRecord(intent["parameterSchema"]) &&
      isRecord(intent["input"]) &&
      typeof intent["input"]["safeParse"] === "function",
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** The first line of what was thrown. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return (text.split("\n")[0] ?? "").slice(0, 500);
}

const invalid = (detail: string, cause?: unknown): OptimizerError =>
  new OptimizerError("config_invalid", { detail, cause });
