import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDebianPackages } from "./ensure-debian-packages.ts";

const START_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 10_000;
const RETRY_MS = 20;

/** An nginx that nobody else uses. */
export interface PrivateNginx extends AsyncDisposable {
  readonly pid: number;
  /** What it has written to its error log so far. */
  readonly errors: () => string;
  /** Ends it and removes its files. Idempotent. */
  stop(): Promise<void>;
}

/** Starts Debian's nginx with what its `http` block holds, and waits until it takes connections on a port of loopback that it listens on. Installs the package where it may. */
export async function startNginx(http: string, port: number): Promise<PrivateNginx> {
  await ensureDebianPackages(["nginx"]);
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-nginx-"));
  const kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (what) => `${what}_temp_path ${join(folder, what)};`,
  );
  const config = [
    ...(process.getuid?.() === 0 ? ["user root;"] : []),
    "worker_processes 1;",
    `pid ${join(folder, "pid")};`,
    "error_log stderr;",
    "events {}",
    `http {\naccess_log off;\n${kept.join("\n")}\n${http}\n}`,
  ];
  const file = join(folder, "nginx.conf");
  await writeFile(file, config.join("\n"));
  // One process, which the kernel ends with this one.
  const args = ["nginx", "-p", folder, "-c", file, "-e", "stderr", "-g", "daemon off; master_process off;"];
  const server = spawn("setpriv", ["--pdeathsig", "KILL", ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  let ended = false;
  server.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  server.once("error", ({ message }) => (errors += message));
  const closed = once(server, "close").then(
    () => (ended = true),
    () => (ended = true),
  );
  const stop = async (): Promise<void> => {
    const timer = setTimeout(() => server.kill("SIGKILL"), STOP_LIMIT_MS);
    if (!ended) server.kill("SIGTERM");
    await closed;
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await accepts(port))) {
    if (!ended && Date.now() < deadline) continue;
    await stop();
    throw new Error(`nginx ${ended ? "ended" : "did not start in time"}:\n${errors}`);
  }
  return { pid: server.pid!, errors: () => errors, stop, [Symbol.asyncDispose]: stop };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const taken = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  if (!taken) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  return taken;
}
