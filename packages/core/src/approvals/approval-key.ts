import type { JsonObject } from "@mcp-optimizer/contracts";
import { callKey } from "../log/call-key.ts";

/** What an approval is for: a tool of this definition, by its path, with these arguments. */
export function approvalKey(toolHash: string, path: string, args: JsonObject): string {
  return `${toolHash}:${callKey(path, args)}`;
}
