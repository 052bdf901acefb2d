import type { JsonValue } from "./json.ts";

/** What is stored under a handle: a JSON value, or bytes with their type. */
export type VaultEntry = (
  | { readonly kind: "json"; readonly value: JsonValue }
  | { readonly kind: "blob"; readonly mimeType: string; readonly base64: string }
) & {
  /** Servers whose results it may hold. Default none. */
  readonly sources?: readonly string[];
};

/** Keeps results whole, so that a model gets a view and a handle, and a later program the rest. */
export interface ResultVault {
  /** Stores an entry and returns its unguessable handle. Rejects with `output_limit` when it alone is over the budget. */
  put(tenant: string, entry: VaultEntry): Promise<string>;
  /** The entry; undefined when it expired, was evicted, never was, or belongs to another tenant. */
  get(tenant: string, handle: string): Promise<VaultEntry | undefined>;
}
