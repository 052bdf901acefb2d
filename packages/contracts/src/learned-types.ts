import type { JsonValue } from "./json.ts";

/** What was learned of a tool's results. It holds no value of them. */
export interface LearnedType {
  /** The server's configured name. */
  readonly server: string;
  /** The tool's own name. */
  readonly tool: string;
  /** Hash of the definition that the tool had. */
  readonly definition: string;
  /** Results that it was learned of. */
  readonly seen: number;
  /** Their type, as the engine writes and reads it. */
  readonly type: JsonValue;
}

/**
 * Keeps what is learned of tools, by tenant: one entry a tool, of one definition. What is over the store's size goes, the longest unchanged
 * first. Methods reject with `store_unavailable` when it cannot be reached.
 */
export interface LearnedTypeStore {
  /** All entries of a tenant, by server and tool. */
  list(tenant: string): Promise<readonly LearnedType[]>;
  /**
   * Changes a tool's entry, and resolves with the new one: `change` is given the stored one, and nobody else changes it meanwhile, in whatever
   * process. `change` may be called again, and must not do anything else.
   */
  update(
    tenant: string,
    server: string,
    tool: string,
    change: (stored: LearnedType | undefined) => LearnedType,
  ): Promise<LearnedType>;
  /** Takes out the entries of a tenant, or of its server, or of one tool there, and resolves with their number. */
  forget(tenant: string, server?: string, tool?: string): Promise<number>;
}
