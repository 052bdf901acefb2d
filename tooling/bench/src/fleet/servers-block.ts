import { join } from "node:path";
import type { ServerName } from "./server-packages.ts";

/** What the servers are started with. */
export interface FleetPlaces {
  /** The file that starts each server. */
  readonly mains: Readonly<Record<ServerName, string>>;
  /** Where servers may write; their home too. */
  readonly folder: string;
  /** What the filesystem server serves. */
  readonly files: string;
  readonly memoryFile: string;
  readonly sqliteFile: string;
  readonly redisUrl: string;
  readonly postgresUrl: string;
  /** Of Sentry; only for calls, which no task makes. */
  readonly sentryHost: string;
}

interface ServerEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const CHROMIUM = "--headless --browser chromium --executable-path /usr/bin/chromium --no-sandbox --isolated";

/** The `mcpServers` block of the ten servers, as a client's configuration has it. */
export function serversBlock(places: FleetPlaces): Record<ServerName, ServerEntry> {
  const { mains, folder } = places;
  const server = (name: ServerName, args: string[] = [], env: Record<string, string> = {}): ServerEntry => ({
    command: process.execPath,
    args: [mains[name], ...args],
    cwd: folder,
    env: { HOME: folder, ...env },
  });
  return {
    everything: server("everything"),
    filesystem: server("filesystem", [places.files]),
    memory: server("memory", [], { MEMORY_FILE_PATH: places.memoryFile }),
    "sequential-thinking": server("sequential-thinking"),
    git: server("git", [], {
      MCP_TRANSPORT_TYPE: "stdio",
      LOGS_DIR: join(folder, "git-logs"),
      GIT_SIGN_COMMITS: "false",
    }),
    sqlite: server("sqlite", [places.sqliteFile]),
    redis: server("redis", [places.redisUrl]),
    postgres: server("postgres", [places.postgresUrl]),
    playwright: server("playwright", [...CHROMIUM.split(" "), "--output-dir", join(folder, "playwright")]),
    sentry: server("sentry", ["--access-token=none", `--host=${places.sentryHost}`, "--insecure-http"]),
  };
}
