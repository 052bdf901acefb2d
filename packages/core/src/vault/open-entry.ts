import { OptimizerError, type JsonValue, type ResultVault, type VaultEntry } from "@mcp-optimizer/contracts";
import type { RunContext } from "../run/run-context.ts";
import { inSteps } from "./in-steps.ts";
import { parseJsonSteps } from "./parse-json-steps.ts";

/** What opening needs to know of a run. */
export type Opener = Pick<RunContext, "tenant" | "sources">;

/** The entry of a handle. The run has what its servers gave from now on. Rejects with `not_found`, in the same words whatever the reason. */
export async function openEntry(vault: ResultVault, opener: Opener, handle: string): Promise<VaultEntry> {
  const entry = await vault.get(opener.tenant, handle);
  if (entry === undefined) {
    throw new OptimizerError("not_found", {
      detail: `${JSON.stringify(handle.slice(0, 80))} opens nothing, or nothing any more; call the tool again`,
    });
  }
  for (const source of entry.sources ?? []) opener.sources.add(source);
  return entry;
}

/** Values of entries that were opened a moment ago. */
const parsed = new WeakMap<VaultEntry, WeakRef<JsonValue & object>>();

/** The value that an entry keeps; `{ mimeType, base64 }` for bytes. It is shared: it must not be changed. */
export async function entryValue(entry: VaultEntry, signal?: AbortSignal): Promise<JsonValue> {
  if (entry.kind === "blob") return { mimeType: entry.mimeType, base64: entry.base64 };
  if (entry.kind === "text") return entry.text;
  const known = parsed.get(entry)?.deref();
  if (known !== undefined) return known;
  const value = await inSteps(parseJsonSteps(entry.text), signal);
  if (typeof value === "object" && value !== null) parsed.set(entry, new WeakRef(value));
  return value;
}
