import { OptimizerCommand } from "../optimizer-command.ts";
import { renderTable } from "../render-table.ts";

/** What `tools --json` prints. */
export interface ToolsReport {
  readonly servers: readonly {
    readonly name: string;
    readonly state: string;
    readonly tools: number;
    readonly tokens: number;
    readonly reason?: string;
    readonly problems?: readonly string[];
  }[];
}

export class Tools extends OptimizerCommand {
  static override summary = "List the servers with their tools and the tokens of the definitions";
  static override examples: string[] = ["<%= config.bin %> tools --config .mcp.json"];

  async run(): Promise<ToolsReport> {
    const { flags } = await this.parse(Tools);
    const { openOptimizer } = await import("../open-optimizer.ts");
    const { loadO200kTokenCounter, toolTokens } = await import("@mcp-optimizer/core");
    const { config, sandbox } = flags;
    await using opened = await openOptimizer({ config, sandbox, log: this.stderrLog(flags) });
    const { optimizer } = opened;
    const counter = await loadO200kTokenCounter();
    const servers = optimizer.catalogue.servers.map(({ name, status, tools, problems }) => ({
      name,
      state: status.state,
      tools: tools.length,
      tokens: tools.reduce((sum, { definition }) => sum + toolTokens(counter, definition), 0),
      ...(status.state === "failed" && { reason: status.reason }),
      ...(problems.length > 0 && { problems }),
    }));
    if (!this.jsonEnabled()) {
      const columns = [
        { heading: "server" },
        { heading: "state" },
        { heading: "tools", numeric: true },
        { heading: "tokens", numeric: true },
      ];
      const rows = servers.map(({ name, state, tools, tokens }) => [
        name,
        state,
        String(tools),
        String(tokens),
      ]);
      this.out(renderTable(columns, rows, process.stdout.isTTY));
    }
    return { servers };
  }
}
