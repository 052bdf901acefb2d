import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import type { ManifestProfile } from "@mcp-optimizer/core";
import { OptimizerCommand } from "../optimizer-command.ts";
import { renderTable } from "../render-table.ts";

/** What `tokens --json` prints; all figures are o200k_base tokens. */
export interface TokensReport {
  readonly servers: readonly { readonly name: string; readonly tools: number; readonly tokens: number }[];
  /** Name, description and input schema of every tool, as a client puts them before a model. */
  readonly classicTokens: number;
  /** The whole tool list of the optimizer. */
  readonly manifestTokens: number;
}

export class Tokens extends OptimizerCommand {
  static override summary = "Compare the tokens of the classic tool list with those of the optimizer's";
  static override description =
    "All figures are o200k_base tokens of this configuration's tools, counted now.";
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
    const classicTokens = servers.reduce((sum, { tokens }) => sum + tokens, 0);
    const manifestTokens = counter.count(JSON.stringify(optimizer.tools));
    if (!this.jsonEnabled()) {
      const columns = [
        { heading: "server" },
        { heading: "tools", numeric: true },
        { heading: "tokens", numeric: true },
      ];
      const rows = servers.map(({ name, tools, tokens }) => [name, String(tools), String(tokens)]);
      const totals = [
        ["classic list", String(servers.reduce((sum, { tools }) => sum + tools, 0)), String(classicTokens)],
        ["optimizer", String(optimizer.tools.length), String(manifestTokens)],
      ];
      this.out(renderTable(columns, [...rows, ...totals], process.stdout.isTTY));
    }
    return { servers, classicTokens, manifestTokens };
  }
}
