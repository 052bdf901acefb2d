import { chown, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";
import { startDaemon, type Daemon } from "./start-daemon.ts";

/** Where Debian has PostgreSQL, a folder for each version. */
const VERSIONS = "/usr/lib/postgresql";

/** An empty PostgreSQL in a folder of its own, on a socket in that folder alone. As root it runs as the user `postgres`. */
export async function startPostgres(folder: string): Promise<Daemon & { readonly url: string }> {
  const versions = (await readdir(VERSIONS)).toSorted((a, b) => Number(b) - Number(a));
  const program = (name: string): string => join(VERSIONS, versions[0]!, "bin", name);
  const home = join(folder, "postgres");
  await mkdir(home, { recursive: true, mode: 0o700 });
  const user = process.getuid?.() === 0 ? await ownedByPostgres(home) : {};
  const options = { ...user, cwd: home };
  const data = join(home, "data");
  const auth = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
  await runCommand(program("initdb"), [...auth, "--pgdata", data], options);
  const settings = ["listen_addresses=", `unix_socket_directories=${home}`, "fsync=off"];
  const { stop } = await startDaemon(
    program("postgres"),
    ["-D", data, ...settings.flatMap((setting) => ["-c", setting])],
    { ...options, ready: () => runCommand(program("pg_isready"), ["--host", home, "--quiet"], options) },
  );
  return { url: `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(home)}`, stop };
}

/** PostgreSQL refuses to run as root. */
async function ownedByPostgres(folder: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) => Number(await runCommand("id", [flag, "postgres"]))),
  );
  await chown(folder, uid!, gid!);
  return { uid: uid!, gid: gid! };
}
