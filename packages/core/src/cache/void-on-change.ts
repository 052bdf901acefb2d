import type { Clock, Log, ResponseCache, ToolProvider } from "@mcp-optimizer/contracts";
import { INTENTS } from "../intents/intent-definition.ts";

/** What the cache could not be told is told again after so long. */
const AGAIN_MS = 5_000;

/**
 * Voids what was read of a server whenever it comes back, goes or lists other tools, and the answers of all intents with it: they may use other tools
 * then. When one of a known origin comes for the first time, nothing has changed: what counts is told by its origin. Returns what ends it.
 */
export function voidOnChange(
  providers: readonly Pick<ToolProvider, "name" | "onChange" | "origin" | "status">[],
  cache: Pick<ResponseCache, "hold">,
  log: Log,
  clock: Pick<Clock, "schedule">,
): () => void {
  let ended = false;
  const again = new Map<string, () => void>();
  const tell = (server: string): void => {
    again.get(server)?.();
    again.delete(server);
    cache.hold(server, "change", 0).catch((cause: unknown) => {
      log({ level: "warn", message: "The response cache failed", cause });
      if (!ended && !again.has(server))
        again.set(
          server,
          clock.schedule(AGAIN_MS, () => tell(server)),
        );
    });
  };
  const ends = providers.map((provider) => {
    let met = provider.origin === undefined || provider.status.state === "ready";
    return provider.onChange(() => {
      const before = met;
      met ||= provider.status.state === "ready";
      if (!before) return;
      for (const server of new Set([provider.name, INTENTS])) tell(server);
    });
  });
  return () => {
    ended = true;
    for (const end of [...ends, ...again.values()]) end();
  };
}
