import type { LedgerSummary } from "@mcp-optimizer/core";
import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import { OptimizerCommand } from "../optimizer-command.ts";
import { tenantFlag } from "../tenant-flag.ts";

const PERIODS = ["day", "session", "run"] as const;

export class Savings extends OptimizerCommand {
  static override summary = "Show how many tokens were saved, and how each figure was found";
  static override description: string =
    "Reads the ledger alone: no server and no sandbox is started. The baseline is what clients would have had before their models from the " +
    "servers themselves: their lists of tools, and the same calls. A figure is measured, computed from measured ones, or estimated.";
  static override examples: string[] = [
    "<%= config.bin %> savings",
    "<%= config.bin %> savings --since 7d --by day",
    "<%= config.bin %> savings --run r_4fJ2xk9Q0pYw --json",
  ];
  static override flags: {
    session: Interfaces.OptionFlag<string | undefined>;
    run: Interfaces.OptionFlag<string | undefined>;
    since: Interfaces.OptionFlag<string | undefined>;
    by: Interfaces.OptionFlag<(typeof PERIODS)[number] | undefined>;
    tenant: typeof tenantFlag;
  } = {
    session: Flags.string({ description: "of this session alone; --by session lists them", helpValue: "ID" }),
    run: Flags.string({ description: "of this run alone", helpValue: "ID" }),
    since: Flags.string({ description: "7d, 12h, 30m, 2w, or a date", helpValue: "TIME" }),
    by: Flags.option({ options: PERIODS, description: "a line for each, too" })(),
    tenant: tenantFlag,
  };

  async run(): Promise<LedgerSummary> {
    const { flags } = await this.parse(Savings);
    const { parseSince } = await import("../parse-since.ts");
    const since = flags.since === undefined ? undefined : parseSince(flags.since, Date.now());
    const { openConfiguredState } = await import("../open-configured-state.ts");
    const { readSummary } = await import("@mcp-optimizer/core");
    const { renderSavings } = await import("../render-savings.ts");
    const kept = "what was saved is known";
    await using state = await openConfiguredState(flags, kept, this.stderrLog(flags));
    const { ledger, settings } = state;
    const { session, run, by } = flags;
    const summary = await readSummary(ledger, "o200k_base", {
      tenant: flags.tenant,
      ...(session !== undefined && { session }),
      ...(run !== undefined && { runId: run }),
      ...(since !== undefined && { since }),
      ...(by && { by }),
    });
    if (settings.ledger === false)
      process.stderr.write("optimizer.ledger is false: nothing new is recorded.\n");
    if (this.jsonEnabled()) return summary;
    if (summary.from === undefined) {
      const chosen = [session, run, since].some((value) => value !== undefined);
      process.stderr.write(
        chosen
          ? "Nothing is recorded of that; mcp-optimizer savings shows all there is.\n"
          : "Nothing is recorded yet. Let your client start mcp-optimizer serve and use it, or do mcp-optimizer run.\n",
      );
    } else this.out(renderSavings(summary, process.stdout.isTTY));
    return summary;
  }
}
