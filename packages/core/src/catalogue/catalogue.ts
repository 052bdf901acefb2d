import type { ProviderStatus, ToolDefinition } from "@mcp-optimizer/contracts";

/** A tool with the names under which a program reaches it. */
export interface CatalogueTool {
  /** The configured name of its server. */
  readonly server: string;
  /** Its own name at that server. */
  readonly name: string;
  /** `namespace.identifier`, as programs write it. Unique in a catalogue. */
  readonly path: string;
  /** The server's name as a legal identifier; unique among servers. */
  readonly namespace: string;
  /** The tool's name as a legal identifier; unique in its server. */
  readonly identifier: string;
  readonly definition: ToolDefinition;
  /** SHA-256 of the canonical definition, in hexadecimal: a changed definition is visible. */
  readonly hash: string;
}

/** A server as the catalogue knows it. The same object stays from snapshot to snapshot while nothing of it changes. */
export interface CatalogueServer {
  readonly name: string;
  readonly namespace: string;
  readonly status: ProviderStatus;
  /** Stays the same array while no tool changes, and each tool the same object while its definition does not. */
  readonly tools: readonly CatalogueTool[];
  /** Tools that were kept out, each with its name and the reason, fit to show. */
  readonly problems: readonly string[];
}

/** An immutable snapshot of every server's tools. */
export interface Catalogue {
  /** Grows by one with each snapshot. */
  readonly version: number;
  /** In configured order. */
  readonly servers: readonly CatalogueServer[];
  /** All tools, server by server. */
  readonly tools: readonly CatalogueTool[];
  /**
   * The tool that a name means: `namespace.identifier`, `namespace.own-name`, `server.own-name`, `server__own-name`,
   * or a bare name that only one server has; an exact spelling first, then any case and separators where that is unique.
   * Undefined when none or several match.
   */
  resolve(name: string): CatalogueTool | undefined;
  /** All tools that a name may mean, as {@link resolve} reads it, in catalogue order. */
  lookup(name: string): CatalogueTool[];
  /** The server of a configured name or namespace; any case and separators where that is unique. */
  server(name: string): CatalogueServer | undefined;
  /** Up to `limit` paths of tools with a similar name, most similar first. Default 3. */
  suggest(name: string, limit?: number): string[];
}
