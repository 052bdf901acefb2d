import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const START_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 10_000;
const ANSWER_LIMIT_MS = 5_000;

/** What is left when this process exits. */
const RUNNING = new Set<ChildProcess>();
process.once("exit", () => {
  for (const server of RUNNING) server.kill("SIGKILL");
});

/** A server of Redis that was started here. It ends with this process, however that ends. */
export interface RedisProcess {
  readonly port: number;
  readonly pid: number;
  /** Ends it with SIGKILL. What it has on disk stays. */
  crash(): Promise<void>;
  /** Lets it answer nobody, and again. */
  freeze(): void;
  thaw(): void;
  /** Starts it again, ended or not, on the same port and disk. */
  restart(): Promise<void>;
  /** Ends it. Idempotent. */
  end(): Promise<void>;
  /** Sends a command with redis-cli. Rejects when it is not answered in five seconds. */
  ask(...command: readonly string[]): Promise<string>;
}

/** Starts `redis-server` with arguments, and waits for a line of its output that tells that it is ready. */
export async function startRedisProcess(
  port: number,
  args: readonly string[],
  ready = "Ready to accept connections",
): Promise<RedisProcess> {
  let server = await launch(args, ready);
  return {
    port,
    get pid() {
      return server.pid!;
    },
    crash: () => end(server, "SIGKILL"),
    freeze: () => void server.kill("SIGSTOP"),
    thaw: () => void server.kill("SIGCONT"),
    async restart() {
      await end(server, "SIGTERM");
      server = await launch(args, ready);
    },
    end: () => end(server, "SIGTERM"),
    async ask(...command) {
      const cli = ["-h", "127.0.0.1", "-p", String(port), ...command];
      const { stdout } = await promisify(execFile)("redis-cli", cli, { timeout: ANSWER_LIMIT_MS });
      return stdout.trim();
    },
  };
}

async function launch(args: readonly string[], ready: string): Promise<ChildProcess> {
  // Exit handlers do not run in a process that is killed; the kernel's word to its children does.
  const server = spawn("setpriv", ["--pdeathsig", "KILL", "redis-server", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  RUNNING.add(server);
  server.once("exit", () => RUNNING.delete(server));
  const tail: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`redis-server ${why}:\n${tail.join("\n")}`));
      timer = setTimeout(() => fail("did not start in time"), START_LIMIT_MS);
      server.once("error", (error) => fail(error.message));
      server.once("exit", () => fail("ended"));
      createInterface({ input: server.stdout }).on("line", (line) => {
        tail.push(line);
        if (tail.length > 30) tail.shift();
        if (line.includes(ready)) resolve();
      });
    });
    return server;
  } catch (error) {
    server.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, "exit");
  const timer = setTimeout(() => server.kill("SIGKILL"), STOP_LIMIT_MS);
  // A frozen one takes no other signal.
  server.kill("SIGCONT");
  server.kill(signal);
  await exited;
  clearTimeout(timer);
}
