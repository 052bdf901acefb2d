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

/** A server as the catalogue knows it. */
export interface CatalogueServer {
  readonly name: string;
  readonly namespace: string;
  readonly status: ProviderStatus;
  readonly tools: readonly CatalogueTool[];
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
   * or a bare name that only one server has. Undefined when none or several match.
   */
  resolve(name: string): CatalogueTool | undefined;
  /** Up to `limit` paths of tools with a similar name, most similar first. Default 3. */
  suggest(name: string, limit?: number): string[];
}
