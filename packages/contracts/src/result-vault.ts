/** What a result is kept as. A JSON value is its JSON text, and a value that is a text is that text: neither changes when it is kept. */
export type VaultContent =
  /** JSON text. */
  | { readonly kind: "json"; readonly text: string }
  /** A value that is a string, without lone surrogates: UTF-8 can hold it. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "blob"; readonly mimeType: string; readonly base64: string };

/** What is stored under a handle. */
export type VaultEntry = VaultContent & {
  /** Servers whose results it may hold. Default none. */
  readonly sources?: readonly string[];
};

/** How an entry is stored. */
export interface VaultPutOptions {
  /**
   * Names the content: equal content has equal digests, and other content has others. An entry of the tenant with the same digest is not
   * stored again: it gives its handle, lives as long as a new one, and has the sources of both. Default: it is stored.
   */
  readonly digest?: string;
}

/**
 * Keeps results whole, so that a model gets a view and a handle, and a later program the rest. An entry lives for a fixed time since it was
 * last put or got. Over the budget goes what was used least recently, of the tenant that has most: nobody loses anything to another while
 * having less than it.
 */
export interface ResultVault {
  /** Stores an entry and returns its unguessable handle. Rejects with `output_limit` when it alone is over the budget. */
  put(tenant: string, entry: VaultEntry, options?: VaultPutOptions): Promise<string>;
  /** The entry; undefined when it expired, was evicted, never was, or belongs to another tenant. */
  get(tenant: string, handle: string): Promise<VaultEntry | undefined>;
}
