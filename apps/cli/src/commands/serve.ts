import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import type { Catalogue } from "@mcp-optimizer/core";
import type { SharedState } from "@mcp-optimizer/server";
import type { State } from "@mcp-optimizer/state";
import { OptimizerCommand } from "../optimizer-command.ts";
import type { ResolvedSettings } from "../resolve-settings.ts";
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
    "<%= config.bin %> serve --config .mcp.json --http 0.0.0.0:3333 (needs optimizer.auth)",
  ];
  static override flags: {
    http: Interfaces.OptionFlag<string | undefined>;
    "drain-seconds": Interfaces.OptionFlag<number>;
    mode: typeof modeFlag;
    "max-tokens": typeof maxTokensFlag;
    check: typeof checkFlag;
    manifest: typeof manifestFlag;
  } = {
    http: Flags.string({
      description: "listen here instead of stdio; port 0 takes a free one",
      helpValue: "HOST:PORT",
    }),
    "drain-seconds": Flags.integer({
      description: "when told to end, go on serving over HTTP for so long while /readyz says 503",
      default: 0,
      min: 0,
      max: 3_600,
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
    const { httpAccess, serveHttp, serveStdio } = await import("@mcp-optimizer/server");
    const { openAuth } = await import("../open-auth.ts");
    const stop = new AbortController();
    const stopped = new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => stop.abort());
    const { signal } = stop;
    let access: ReturnType<typeof openAuth> = {};
    const inspect = ({ auth }: ResolvedSettings): void => {
      access = openAuth(auth, log);
      if (address !== undefined) httpAccess(address.host, access.auth, access.allowedHosts);
    };
    const serving = { waitMs: WAIT_MS, serving: true, inspect, queue: "give" } as const;
    await using opened = await openOptimizer({ ...flags, log, signal, ...serving });
    const { optimizer, state } = opened;
    const foregroundMs = optimizer.foregroundSeconds * 1_000;
    const identity = { name: "mcp-optimizer", version: this.config.version, log, foregroundMs };
    if (address === undefined) {
      const service = serveStdio(optimizer, identity);
      await Promise.race([stopped, service.closed]);
      return service.close();
    }
    const ready = async (): Promise<readonly string[]> =>
      optimizer.catalogue.servers.some(({ status }) => status.state === "ready")
        ? []
        : ["no server is connected"];
    const service = await serveHttp(optimizer, {
      ...identity,
      ...address,
      ...access,
      ...(state.kind === "redis" && { shared: sharedState(state) }),
      ready,
      drainMs: flags["drain-seconds"] * 1_000,
    });
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

/** What instances behind a load balancer share. */
const sharedState = ({ transportSessions: sessions, tasks, bulletin }: State): SharedState => ({
  sessions,
  tasks,
  bulletin,
});
