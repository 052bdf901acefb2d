import { createHash } from "node:crypto";
import type { RunSource } from "@mcp-optimizer/contracts";
import { canonicalJson } from "../catalogue/canonical-json.ts";

/** What a run's source is known by, in hexadecimal. */
export function sourceHash(source: RunSource): string {
  return createHash("sha256").update(canonicalJson(source)).digest("hex");
}
