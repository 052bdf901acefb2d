import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePorts } from "./free-port.ts";
import { startNginx } from "./start-nginx.ts";

const CLI = fileURLToPath(new URL("../../../apps/cli/bin/run.js", import.meta.url));
const GUIDE = new URL("../../../docs/how-to/scale-out.md", import.meta.url);
const START_LIMIT_MS = 60_000;

/** One process of `mcp-optimizer serve --http`. It ends with this process, however that ends. */
export interface ServedInstance {
  /** `host:port`, as the load balancer names it. */
  readonly address: string;
  readonly pid: number;
  /** What it has written to standard error so far. */
  readonly stderr: () => string;
  /** Ends it by a signal, and resolves when it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again, under the same address. */
  restart(): Promise<void>;
}

/** Processes of `mcp-optimizer serve --http` behind nginx, as the guide has it. */
export interface ServedInstances extends AsyncDisposable {
  /** Where nginx serves MCP. Each answer names in `x-served-by` who made it. */
  readonly url: URL;
  readonly instances: readonly ServedInstance[];
}

/** Starts so many processes with a configuration, from what is built of the command line. */
export async function startInstances(config: string, count: number): Promise<ServedInstances> {
  await using stack = new AsyncDisposableStack();
  const [port, ...ports] = (await freePorts(count + 1)) as [number, ...number[]];
  const started = await Promise.allSettled(ports.map((own) => startInstance(config, own)));
  const instances = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  stack.defer(async () => void (await Promise.all(instances.map((one) => one.end("SIGTERM")))));
  for (const one of started) if (one.status === "rejected") throw one.reason;
  const balancer = await balancerConfig(
    port,
    instances.map(({ address }) => address),
  );
  stack.use(await startNginx(balancer, port));
  const all = stack.move();
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  return { url, instances, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** The configuration in the guide, with other addresses, and with word of who answered. */
async function balancerConfig(port: number, addresses: readonly string[]): Promise<string> {
  const [, config] = /```nginx\n(.*?)```/s.exec(await readFile(GUIDE, "utf8"))!;
  const [, first, how] = /^( *)server 127\.0\.0\.1:8001(.*)$/m.exec(config!)!;
  const servers = addresses.map((address) => `${first}server ${address}${how}\n`).join("");
  return config!
    .replace(/( *server 127\.0\.0\.1:800\d.*\n)+/, servers)
    .replace("127.0.0.1:8000;", `127.0.0.1:${port};\nadd_header x-served-by $upstream_addr always;`);
}

async function startInstance(config: string, port: number): Promise<ServedInstance> {
  const address = `127.0.0.1:${port}`;
  let stderr = "";
  const launch = async (): Promise<ChildProcess> => {
    const serve = [process.execPath, CLI, "serve", "--config", config, "--http", address];
    const child = spawn("setpriv", ["--pdeathsig", "KILL", ...serve], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const serving = Promise.withResolvers<void>();
    const timer = setTimeout(() => serving.reject(new Error("it did not start in time")), START_LIMIT_MS);
    createInterface({ input: child.stderr }).on("line", (line) => {
      stderr += `${line}\n`;
      if (line.includes(address)) serving.resolve();
    });
    child.once("error", serving.reject);
    child.once("exit", () => serving.reject(new Error("it ended")));
    try {
      await serving.promise;
      return child;
    } catch (error) {
      child.kill("SIGKILL");
      throw new Error(`mcp-optimizer serve: ${(error as Error).message}:\n${stderr}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  };
  let child = await launch();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  return {
    address,
    get pid() {
      return child.pid!;
    },
    stderr: () => stderr,
    end,
    async restart() {
      await end("SIGTERM");
      child = await launch();
    },
  };
}
