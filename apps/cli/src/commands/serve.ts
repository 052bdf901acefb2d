import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import type { Catalogue, ManifestProfile } from "@mcp-optimizer/core";
import { OptimizerCommand } from "../optimizer-command.ts";
import { parseListenAddress } from "../parse-listen-address.ts";

/** A client waits about half a minute for its server; slower upstreams join later. */
const WAIT_MS = 10_000;

export class Serve extends OptimizerCommand {
  static override summary = "Serve all configured MCP servers as one, over stdio or HTTP";
  static override description: string =
    "Offers the tools search_tools and run_code. Over stdio, standard output belongs to the protocol; everything else goes to " +
    "standard error (as JSON lines with --json).";
  static override examples: string[] = [
    "<%= config.bin %> serve --config .mcp.json",
    "<%= config.bin %> serve --config .mcp.json --http 127.0.0.1:3333",
  ];
  static override flags: {
    http: Interfaces.OptionFlag<string | undefined>;
    manifest: Interfaces.OptionFlag<ManifestProfile | undefined>;
  } = {
    http: Flags.string({
      description: "listen here instead of stdio; port 0 takes a free one",
      helpValue: "HOST:PORT",
    }),
    manifest: Flags.option({
      options: ["minimal", "standard"] as const,
      description: "how much the tool list says",
    })(),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Serve);
    const address = flags.http === undefined ? undefined : parseListenAddress(flags.http);
    const log = this.stderrLog(flags);
    const { openOptimizer } = await import("../open-optimizer.ts");
    const { serveHttp, serveStdio } = await import("@mcp-optimizer/server");
    const { manifest, config, sandbox } = flags;
    const stop = new AbortController();
    const stopped = new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => stop.abort());
    const { signal } = stop;
    await using opened = await openOptimizer({
      config,
      sandbox,
      manifest,
      log,
      signal,
      waitMs: WAIT_MS,
      serving: true,
    });
    const { optimizer } = opened;
    const identity = { name: "mcp-optimizer", version: this.config.version, log };
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
