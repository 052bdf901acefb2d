import { createHash } from "node:crypto";
import type { JsonObject } from "@mcp-optimizer/contracts";
import { canonicalJson } from "../catalogue/canonical-json.ts";

/** What calls of one tool with equal arguments are known by. */
export function callKey(path: string, args: JsonObject): string {
  return createHash("sha256")
    .update(`${path}\n${canonicalJson(args)}`)
    .digest("base64url");
}
