import type { ToolDefinition } from "@mcp-optimizer/contracts";
import * as z from "zod";
import { ConnectionFault } from "./connection-fault.ts";
import type { FaithfulClient } from "./faithful-client.ts";

/** Bounds of a listing. */
export interface ListToolsOptions {
  /** Milliseconds that a page may take. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Gets a sentence about each entry that is left out. */
  readonly onProblem: (problem: string) => void;
  /** Default 1,000. */
  readonly maxPages?: number;
  /** Default 100,000. */
  readonly maxTools?: number;
}

const PageSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
const ToolSchema = z.looseObject({
  name: z.string().min(1),
  inputSchema: z.record(z.string(), z.unknown()).default({ type: "object" }),
});

/** All tools of a server, page by page, with every field that it sent. Entries that are no tools are left out. */
export async function listTools(
  client: FaithfulClient,
  options: ListToolsOptions,
): Promise<ToolDefinition[]> {
  const { maxPages = 1_000, maxTools = 100_000, onProblem } = options;
  if (client.getServerCapabilities()?.tools === undefined) return [];
  const tools = new Map<string, ToolDefinition>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const result = await client.requestRaw("tools/list", params, PageSchema, {
      timeout: options.timeoutMs,
      signal: options.signal,
    });
    for (const entry of result.tools) {
      const tool = ToolSchema.safeParse(entry);
      if (!tool.success) onProblem("an entry of its tool list is no tool");
      else if (tools.has(tool.data.name)) onProblem(`its tool list holds ${tool.data.name} twice`);
      else tools.set(tool.data.name, tool.data as ToolDefinition);
    }
    if (tools.size > maxTools) throw new ConnectionFault(`lists more than ${maxTools} tools`);
    cursor = result.nextCursor;
    if (cursor === undefined || cursor === "") return [...tools.values()];
    if (cursors.has(cursor)) throw new ConnectionFault("lists its tools in pages that never end");
    cursors.add(cursor);
  }
  throw new ConnectionFault(`lists its tools in more than ${maxPages} pages`);
}
