import { createHash } from "node:crypto";
import type { Bulletin, JsonValue, Log, ToolProvider } from "@mcp-optimizer/contracts";
import { canonicalJson } from "../catalogue/canonical-json.ts";

/** What is told to the other processes, and follows from what they tell. */
export interface NewsParts {
  /** Undefined where there are no others. */
  readonly bulletin: Bulletin | undefined;
  readonly providers: readonly Pick<ToolProvider, "name" | "status" | "tools" | "onChange" | "relist">[];
  /** Takes over the programs that others saved. */
  readonly loadPrograms: () => Promise<void>;
  readonly log: Log;
}

/** What processes that serve the same clients know of each other's news. */
export interface News extends AsyncDisposable {
  /** A program was saved or removed here. */
  programsChanged(): void;
}

const TOOLS = "tools";
const PROGRAMS = "programs";
const SILENCE: News = { programsChanged: () => {}, [Symbol.asyncDispose]: async () => {} };

/**
 * Spreads what one process hears first: that a server lists other tools, and that programs were saved. A list of tools is told by its hash, so
 * that who has it already does nothing; what is listed again because of that is told nobody, or two that are never given the same list would ask for
 * ever. Where news may have been missed, all is looked at again.
 * Rejects with `store_unavailable`.
 */
export async function spreadNews({ bulletin, providers, loadPrograms, log }: NewsParts): Promise<News> {
  if (bulletin === undefined) return SILENCE;
  await using opened = new AsyncDisposableStack();
  const publish = (topic: string, text: string): void =>
    void bulletin.publish(topic, text).catch((cause: unknown) => {
      log({ level: "warn", message: "News could not be spread; other processes hear of it later", cause });
    });
  const load = (): void =>
    void loadPrograms().catch((cause: unknown) => {
      log({ level: "warn", message: "Saved programs could not be loaded", cause });
    });
  const relistAll = (): void => {
    for (const provider of providers) provider.relist?.();
  };

  const told = new Map<string, string>();
  /** Lists again because of another's news. */
  const asked = new Set<string>();
  for (const provider of providers) {
    const tell = (): void => {
      const heard = asked.delete(provider.name);
      if (provider.status.state !== "ready") return;
      const hash = hashOf(provider);
      if (told.get(provider.name) === hash) return;
      told.set(provider.name, hash);
      if (!heard) publish(TOOLS, JSON.stringify([provider.name, hash]));
    };
    if (provider.relist !== undefined) opened.defer(provider.onChange(tell));
  }
  const listen = async (topic: string, onNews: (text: string) => void, onGap: () => void): Promise<void> => {
    opened.defer(await bulletin.subscribe(topic, { onNews, onGap }));
  };
  await listen(
    TOOLS,
    (text) => {
      const [name, hash] = JSON.parse(text) as [string, string];
      const provider = providers.find((one) => one.name === name);
      if (provider?.status.state !== "ready" || hashOf(provider) === hash) return;
      asked.add(name);
      provider.relist?.();
    },
    relistAll,
  );
  await listen(PROGRAMS, load, load);
  const all = opened.move();
  return {
    programsChanged: () => publish(PROGRAMS, ""),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const hashOf = ({ tools }: Pick<ToolProvider, "tools">): string =>
  createHash("sha256")
    .update(canonicalJson(tools as unknown as JsonValue))
    .digest("base64url");
