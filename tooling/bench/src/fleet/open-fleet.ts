import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ToolProvider } from "@mcp-optimizer/contracts";
import { ensureDebianPackages } from "@mcp-optimizer/services";
import { connectUpstreams, parseServersConfig, resolveServersConfig } from "@mcp-optimizer/upstreams";
import { installServers, type InstallOptions } from "./install-servers.ts";
import { serversBlock } from "./servers-block.ts";
import { startPostgres } from "./start-postgres.ts";
import { startRedis } from "./start-redis.ts";

/** The ten servers, connected, on services of their own. */
export interface Fleet extends AsyncDisposable {
  readonly providers: readonly ToolProvider[];
  /** What the filesystem server serves; empty at first. */
  readonly files: string;
  /** Where the memory server keeps its graph; deleting it empties the graph. */
  readonly memoryFile: string;
  /** The database of the sqlite server; not there at first. */
  readonly sqliteFile: string;
}

const DEBIAN_PACKAGES = ["chromium", "git", "postgresql", "redis-server"];

/**
 * Installs what is missing, starts Redis and PostgreSQL, and connects all ten servers. `prepare` fills the folders before the servers start.
 * Rejects where a server does not become ready; nothing is left running then.
 */
export async function openFleet(
  options: InstallOptions,
  prepare: (places: Pick<Fleet, "files" | "sqliteFile">) => Promise<void>,
): Promise<Fleet> {
  await ensureDebianPackages(DEBIAN_PACKAGES);
  const mains = await installServers(options);
  const opened: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of opened.splice(0).toReversed()) await closeOne();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-bench-"));
    opened.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    // PostgreSQL's user passes through it.
    await chmod(folder, 0o711);
    const files = join(folder, "files");
    const memoryFile = join(folder, "memory.jsonl");
    const sqliteFile = join(folder, "shop.db");
    await mkdir(files);
    await writeFile(join(folder, ".gitconfig"), "[user]\n\tname = Bench\n\temail = bench@example.org\n");
    await prepare({ files, sqliteFile });
    const redis = await startRedis();
    opened.push(() => redis.stop());
    const postgres = await startPostgres(folder);
    opened.push(() => postgres.stop());
    const mcpServers = serversBlock({
      mains,
      folder,
      files,
      memoryFile,
      sqliteFile,
      redisUrl: redis.url,
      postgresUrl: postgres.url,
      sentryHost: "127.0.0.1:9",
    });
    const parsed = parseServersConfig(JSON.stringify({ mcpServers }), { file: "bench" });
    const configs = resolveServersConfig(parsed, { env: options.env, cwd: folder, home: folder });
    const upstreams = connectUpstreams(configs, { log: () => {} });
    opened.push(() => upstreams.dispose());
    await upstreams.settled();
    const missing = upstreams.providers.flatMap(({ name, status }) =>
      status.state === "ready"
        ? []
        : [`${name}: ${status.state === "failed" ? status.reason : status.state}`],
    );
    if (missing.length > 0) throw new Error(`Servers that did not start: ${missing.join("; ")}`);
    return { providers: upstreams.providers, files, memoryFile, sqliteFile, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
