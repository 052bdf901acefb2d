import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import type { ExecutionMode } from "@mcp-optimizer/contracts";
import type { BreakEven, ManifestProfile } from "@mcp-optimizer/core";
import { OptimizerCommand } from "../optimizer-command.ts";
import { renderTable } from "../render-table.ts";

/** What `tokens --json` prints; all figures are o200k_base tokens. */
export interface TokensReport {
  readonly servers: readonly { readonly name: string; readonly tools: number; readonly tokens: number }[];
  /** Name, description and input schema of every tool, as a client puts them before a model. */
  readonly classicTokens: number;
  /** The manifest: the tool list of `code_execution` as JSON. */
  readonly manifestTokens: number;
  /** The tool list of each mode, counted as the classic one. */
  readonly modes: Readonly<Record<ExecutionMode, { readonly tools: number; readonly tokens: number }>>;
  /** The configured mode. */
  readonly mode: ExecutionMode;
  /** Where `hybrid` changes over, with all figures. */
  readonly breakEven: BreakEven;
}

const MODES = ["mcp_only", "code_execution", "hybrid"] as const;

export class Tokens extends OptimizerCommand {
  static override summary = "Compare the tokens of the classic tool list with those of the optimizer's";
  static override description =
    "All figures are o200k_base tokens of this configuration's tools, counted now. At the end stands what hybrid does with them, and why.";
  static override flags: { manifest: Interfaces.OptionFlag<ManifestProfile | undefined> } = {
    manifest: Flags.option({
      options: ["minimal", "standard"] as const,
      description: "how much the optimizer's list says",
    })(),
  };

  async run(): Promise<TokensReport> {
    const { flags } = await this.parse(Tokens);
    const { openOptimizer } = await import("../open-optimizer.ts");
    const { loadO200kTokenCounter, toolTokens } = await import("@mcp-optimizer/core");
    const { config, sandbox, manifest } = flags;
    await using opened = await openOptimizer({ config, sandbox, manifest, log: this.stderrLog(flags) });
    const { optimizer } = opened;
    const counter = await loadO200kTokenCounter();
    const servers = optimizer.catalogue.servers.map(({ name, tools }) => ({
      name,
      tools: tools.length,
      tokens: tools.reduce((sum, { definition }) => sum + toolTokens(counter, definition), 0),
    }));
    const { exposure, breakEven } = optimizer.modes;
    const listOf = (mode: ExecutionMode): TokensReport["modes"][ExecutionMode] => {
      const { tools } = exposure(undefined, mode);
      return {
        tools: tools.length,
        tokens: tools.reduce((sum, tool) => sum + toolTokens(counter, tool), 0),
      };
    };
    const modes = {
      mcp_only: listOf("mcp_only"),
      code_execution: listOf("code_execution"),
      hybrid: listOf("hybrid"),
    };
    const report = {
      servers,
      classicTokens: servers.reduce((sum, { tokens }) => sum + tokens, 0),
      manifestTokens: counter.count(JSON.stringify(exposure(undefined, "code_execution").tools)),
      modes,
      mode: exposure().mode,
      breakEven: breakEven(),
    };
    if (!this.jsonEnabled()) this.out(rendered(report, process.stdout.isTTY));
    return report;
  }
}

function rendered(report: TokensReport, terminal: boolean): string {
  const { servers, classicTokens, modes, mode } = report;
  const columns = [
    { heading: "server" },
    { heading: "tools", numeric: true },
    { heading: "tokens", numeric: true },
  ];
  const row = (name: string, tools: number, tokens: number): string[] => [
    name,
    String(tools),
    String(tokens),
  ];
  const tools = servers.reduce((sum, server) => sum + server.tools, 0);
  const rows = [
    ...servers.map((server) => row(server.name, server.tools, server.tokens)),
    row("classic list", tools, classicTokens),
    ...MODES.map((name) =>
      row(name === mode ? `${name} (configured)` : name, modes[name].tools, modes[name].tokens),
    ),
  ];
  return `${renderTable(columns, rows, terminal)}\n${renderBreakEven(report.breakEven)}`;
}

function renderBreakEven(breakEven: BreakEven): string {
  const { listTokens, runCodeTokens, searchTokens, searches, breakEvenTokens, reason } = breakEven;
  return [
    `hybrid: ${reason}.`,
    `break-even ${breakEvenTokens} = ${listTokens} (the list with search) - ${runCodeTokens} (run_code, in either list) + ` +
      `${searchTokens} (an answer of search, the mean of ${searches})`,
    "",
  ].join("\n");
}
