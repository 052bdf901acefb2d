import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import type { Catalogue } from "@mcp-optimizer/core";
import { OptimizerCommand } from "../optimizer-command.ts";
import { parseListenAddress } from "../parse-listen-address.ts";
import { checkFlag, manifestFlag, maxTokensFlag, modeFlag } from "../setting-flags.ts";

/** A client waits about half a minute for its server; slower upstreams join later. */
const WAIT_MS = 10_000;

export class Serve extends OptimizerCommand {
  static override summary = "Serve all configured MCP servers as one, over stdio or HTTP";
  static override description: string =
    "What is offered depends on --mode; by default search_tools, run_code and call_tool, or the servers' own tools where that costs less. Over stdio, standard output belongs to the protocol; everything else goes to " +
    "standard error (as JSON lines with --json).";
  static override examples: string[] = [
    "<%= config.bin %> serve --config .mcp.json",
    "<%= config.bin %> serve --config .mcp.json --http 127.0.0.1:3333",
  ];
  static override flags: {
    http: Interfaces.OptionFlag<string | undefined>;
    mode: typeof modeFlag;
    "max-tokens": typeof maxTokensFlag;
    check: typeof checkFlag;
    manifest: typeof manifestFlag;
  } = {
    http: Flags.string({
      description: "listen here instead of stdio; port 0 takes a free one",
      helpValue: "HOST:PORT",
    }),
    mode: modeFlag,
    "max-tokens": maxTokensFlag,
    check: checkFlag,
    manifest: manifestFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Serve);
    const address = flags.http === undefined ? undefined : parseListenAddress(flags.http);
    const log = this.stderrLog(flags);
    const { openOptimizer } = await import("../open-optimizer.ts");
    const { serveHttp, serveStdio } = await import("@mcp-optimizer/server");
    const stop = new AbortController();
    const stopped = new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => stop.abort());
    const { signal } = stop;
    await using opened = await openOptimizer({ ...flags, log, signal, waitMs: WAIT_MS, serving: true });
    const { optimizer } = opened;
    const foregroundMs = optimizer.foregroundSeconds * 1_000;
    const identity = { name: "mcp-optimizer", version: this.config.version, log, foregroundMs };
    if (address === undefined) {
      const service = serveStdio(optimizer, identity);
      await Promise.race([stopped, service.closed]);
      return service.close();
    }
    const service = await serveHttp(optimizer, { ...identity, ...address });
    this.announce(service.url, optimizer.catalogue);
    await stopped;
    await service.close();
  }

  private announce(url: string, { tools, servers }: Catalogue): void {
    const line = this.jsonEnabled()
      ? JSON.stringify({ url, tools: tools.length, servers: servers.length })
      : `Serving ${tools.length} tools of ${servers.length} servers at ${url}`;
    process.stderr.write(`${line}\n`);
  }

  /** Standard output belongs to the protocol, so an error goes to standard error with --json too. */
  override logJson(json: unknown): void {
    if (json !== undefined) process.stderr.write(`${JSON.stringify(json)}\n`);
  }
}
