import type { TokenCounter, ToolDefinition, ToolResult } from "@mcp-optimizer/contracts";
import { toolTokens } from "@mcp-optimizer/core";
import type { RecordedCall } from "./recorded-provider.ts";

/** A server with what it lists. */
export interface ListedServer {
  readonly name: string;
  readonly tools: readonly ToolDefinition[];
}

/** What a client without an optimizer puts before its model, in tokens: definitions once, arguments and results of each call. */
export interface ClassicTokens {
  /** With the servers of the task alone. */
  readonly own: number;
  /** With all servers. */
  readonly all: number;
}

/** Counts the same calls as a client makes them one by one. */
export function countClassic(
  counter: TokenCounter,
  servers: readonly ListedServer[],
  own: readonly string[],
  calls: readonly RecordedCall[],
): ClassicTokens {
  const definitions = (listed: readonly ListedServer[]): number =>
    listed.flatMap(({ tools }) => tools).reduce((sum, tool) => sum + toolTokens(counter, tool), 0);
  const passed = calls.reduce(
    (sum, { args, result }) => sum + counter.count(JSON.stringify(args)) + counter.count(classicText(result)),
    0,
  );
  return {
    own: definitions(servers.filter(({ name }) => own.includes(name))) + passed,
    all: definitions(servers) + passed,
  };
}

/** What a model reads of a result: its text, or where it has none, its structured content. What a result holds in both ways counts once. */
export function classicText({ content, structuredContent }: ToolResult): string {
  const text = content
    .flatMap(({ type, text: shown }) => (type === "text" && typeof shown === "string" ? [shown] : []))
    .join("\n");
  return text === "" && structuredContent !== undefined ? JSON.stringify(structuredContent) : text;
}
