import type { Log, ResponseCache, ToolProvider } from "@mcp-optimizer/contracts";
import { INTENTS } from "../intents/intent-definition.ts";

/**
 * Voids what was read of a server whenever it comes, goes or lists other tools, and the answers of all intents with it: they may use other tools
 * then. Returns what ends it.
 */
export function voidOnChange(
  providers: readonly Pick<ToolProvider, "name" | "onChange">[],
  cache: Pick<ResponseCache, "hold">,
  log: Log,
): () => void {
  const ends = providers.map((provider) =>
    provider.onChange(() => {
      for (const server of new Set([provider.name, INTENTS])) {
        cache
          .hold(server, "change", 0)
          .catch((cause: unknown) => log({ level: "warn", message: "The response cache failed", cause }));
      }
    }),
  );
  return () => {
    for (const end of ends) end();
  };
}
