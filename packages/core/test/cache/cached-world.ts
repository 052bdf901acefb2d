import type { JsonValue } from "@mcp-optimizer/contracts";
import { createInMemoryProvider, type InMemoryProvider } from "@mcp-optimizer/testkit";
import { createEngine, type Engine, type EngineOptions } from "../intents/engine.ts";
import { tool, type Calls } from "../intents/fixture-tools.ts";

/** A server of notes whose reads tell how often it was written to, and one of mail. */
export interface CachedWorld extends Engine {
  readonly calls: Calls;
  readonly notes: InMemoryProvider;
  /** What a program gives, and how its calls were answered: from earlier calls or not. */
  readonly tell: (code: string, tenant?: string) => Promise<[JsonValue | undefined, ...(string | boolean)[]]>;
}

/** Makes an engine in front of both, which answers reads from earlier ones. */
export async function cachedWorld(options: Partial<EngineOptions> = {}): Promise<CachedWorld> {
  const calls: Calls = [];
  const write = { readOnlyHint: false };
  let version = 1;
  const notes = createInMemoryProvider("notes", [
    tool(calls, "list", { of: { type: "string" } }, () => ({ version })),
    tool(calls, "count", {}, () => ({ count: version })),
    tool(calls, "add", {}, () => (version += 1), write),
    {
      ...tool(calls, "broken", {}),
      call: () => (calls.push("broken {}"), { content: [{ type: "text", text: "no" }], isError: true }),
    },
    {
      ...tool(calls, "picture", {}),
      call: () => (
        calls.push("picture {}"),
        { content: [{ type: "image", mimeType: "image/png", data: "aGk=" }] }
      ),
    },
  ]);
  const mail = createInMemoryProvider("mail", [tool(calls, "send", {}, () => "sent", write)]);
  const engine = await createEngine({ upstreams: [notes, mail], cache: {}, ...options });
  return {
    ...engine,
    calls,
    notes,
    async tell(code, tenant = "a") {
      const { report } = await engine.executor.run({ code, tenant });
      const how = report.calls.flatMap(({ tool: path, cached = false }) => [path, cached]);
      return [report.value ?? report.error?.code, ...how];
    },
  };
}
