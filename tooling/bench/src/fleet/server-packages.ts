/** An npm package of a server, pinned, with the file that starts it. */
export interface ServerPackage {
  readonly name: string;
  readonly version: string;
  /** From the package's own folder. */
  readonly main: string;
}

/** The ten servers that work without network and account, by the names under which they are configured. */
export const SERVER_PACKAGES = {
  everything: official("everything", "2026.8.31"),
  filesystem: official("filesystem", "2026.8.31"),
  memory: official("memory", "2026.8.31"),
  "sequential-thinking": official("sequential-thinking", "2026.8.31"),
  git: { name: "@cyanheads/git-mcp-server", version: "2.15.3", main: "dist/index.js" },
  sqlite: { name: "mcp-server-sqlite-npx", version: "0.8.0", main: "dist/index.js" },
  redis: official("redis", "2025.4.25"),
  postgres: official("postgres", "0.6.2"),
  playwright: { name: "@playwright/mcp", version: "0.0.83", main: "cli.js" },
  sentry: { name: "@sentry/mcp-server", version: "0.39.0", main: "dist/index.js" },
} as const satisfies Readonly<Record<string, ServerPackage>>;

/** A name of {@link SERVER_PACKAGES}. */
export type ServerName = keyof typeof SERVER_PACKAGES;

function official(name: string, version: string): ServerPackage {
  return { name: `@modelcontextprotocol/server-${name}`, version, main: "dist/index.js" };
}
