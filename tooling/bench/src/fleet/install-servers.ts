import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { runCommand } from "./run-command.ts";
import { SERVER_PACKAGES, type ServerName } from "./server-packages.ts";

/** What the installation needs of its surroundings. */
export interface InstallOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/**
 * Installs the ten servers into the user's cache folder, once per set of versions, and gives the file that starts each. Install scripts do
 * not run, but for sqlite3's, which has native code. The versions of the servers are pinned; what they depend on is what npm resolves.
 */
export async function installServers({ env, say }: InstallOptions): Promise<Record<ServerName, string>> {
  const packages = Object.values(SERVER_PACKAGES).map(({ name, version }) => `${name}@${version}`);
  const key = createHash("sha256").update(packages.join()).digest("hex").slice(0, 12);
  const cache = join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "mcp-optimizer");
  const folder = join(cache, `bench-servers-${key}`);
  if (!(await exists(folder))) {
    await mkdir(cache, { recursive: true });
    const unfinished = await mkdtemp(join(cache, "bench-servers-"));
    try {
      say(`Installing ${packages.length} MCP servers into ${folder} (once; 170 MB, some minutes)`);
      await install(unfinished, packages, env);
      await rename(unfinished, folder).catch(async (error: unknown) => {
        // Another process may have been faster.
        if (!(await exists(folder))) throw error;
      });
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }
  const mains = Object.entries(SERVER_PACKAGES).map(
    ([server, { name, main }]) => [server, join(folder, "node_modules", name, main)] as const,
  );
  return Object.fromEntries(mains) as Record<ServerName, string>;
}

async function install(folder: string, packages: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "bench-servers", private: true }));
  // npm picks older versions of what wants a newer Node than the one that it runs in.
  const path = `${dirname(process.execPath)}${delimiter}${env["PATH"] ?? ""}`;
  const options = { cwd: folder, env: { ...env, PATH: path } };
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  await runCommand("npm", ["install", "--ignore-scripts", "--save-exact", ...quiet, ...packages], options);
  await runCommand("npm", ["rebuild", "sqlite3", ...quiet], options);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
