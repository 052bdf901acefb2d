import { availableParallelism } from "node:os";
import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import { OptimizerCommand } from "../optimizer-command.ts";
import { parseListenAddress } from "../parse-listen-address.ts";
import type { ResolvedSettings } from "../resolve-settings.ts";

const WAIT_MS = 10_000;
/** What a run has beside its own time to end, once the worker was told to. */
const GRACE_SLACK_MS = 5_000;

export class Worker extends OptimizerCommand {
  static override summary = "Do the runs that fronts with a queue give away";
  static override description: string =
    "Takes programs and intents from the queue in the Redis of optimizer.state, and runs them in this process's sandbox. Told to end, it takes no more, finishes " +
    "what it has within the time of a run, and gives the rest back.";
  static override examples: string[] = [
    "<%= config.bin %> worker --config .mcp.json",
    "<%= config.bin %> worker --config .mcp.json --concurrency 4 --http 0.0.0.0:3334",
  ];
  static override flags: {
    concurrency: Interfaces.OptionFlag<number>;
    http: Interfaces.OptionFlag<string | undefined>;
  } = {
    concurrency: Flags.integer({
      description: "runs at once",
      helpValue: "NUMBER",
      min: 1,
      max: 1_000,
      default: availableParallelism(),
      noCacheDefault: true,
    }),
    http: Flags.string({
      description: "answer probes here, at /healthz and /readyz; port 0 takes a free one",
      helpValue: "HOST:PORT",
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Worker);
    const { concurrency } = flags;
    const address = flags.http === undefined ? undefined : parseListenAddress(flags.http);
    const log = this.stderrLog(flags);
    const { openOptimizer } = await import("../open-optimizer.ts");
    const { DEFAULT_RUN_LIMITS } = await import("@mcp-optimizer/contracts");
    const { systemClock: clock } = await import("@mcp-optimizer/core");
    const { signal } = this.interruptible();
    const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    let wallMs: number = DEFAULT_RUN_LIMITS.wallMs;
    const inspect = ({ limits }: ResolvedSettings): void => void (wallMs = limits?.wallMs ?? wallMs);
    const opening = { log, signal, inspect, waitMs: WAIT_MS, serving: true, queue: "take" } as const;
    await using opened = await openOptimizer({ ...flags, ...opening });
    const { optimizer } = opened;
    const queue = opened.queue!;
    const worker = await optimizer.work(queue, { concurrency });
    const { serveHealth } = await import("@mcp-optimizer/server");
    const ready = async (): Promise<readonly string[]> => {
      const { workers } = await queue.status();
      return workers > 0 ? [] : ["the queue knows no worker"];
    };
    const health = address && (await serveHealth(address, ready, clock));
    const { tools, servers } = optimizer.catalogue;
    const known = { concurrency, tools: tools.length, servers: servers.length };
    const words = `Doing ${concurrency} runs at once, with ${tools.length} tools of ${servers.length} servers`;
    this.announce(
      { working: true, ...known, ...(health && { url: health.url }) },
      health ? `${words}; probes at ${health.url}` : words,
    );
    await stopped;
    health?.drain();
    const running = worker.running;
    this.announce({ working: false, running }, `Ending: ${running} runs are under way`);
    await worker.close(wallMs + GRACE_SLACK_MS);
    await health?.close();
  }

  private announce(facts: object, words: string): void {
    process.stderr.write(`${this.jsonEnabled() ? JSON.stringify(facts) : words}\n`);
  }
}
