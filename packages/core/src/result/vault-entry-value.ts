import type { JsonValue, VaultEntry } from "@mcp-optimizer/contracts";

/** What a program gets for a handle: the value, or `{ mimeType, base64 }` for bytes. */
export function vaultEntryValue(entry: VaultEntry): JsonValue {
  return entry.kind === "json" ? entry.value : { mimeType: entry.mimeType, base64: entry.base64 };
}
