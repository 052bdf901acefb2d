import type { RunPage } from "@mcp-optimizer/contracts";
import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import { OptimizerCommand } from "../../optimizer-command.ts";
import { plainText } from "../../plain-text.ts";
import { renderTable } from "../../render-table.ts";
import { tenantFlag } from "../../tenant-flag.ts";

export class RunsList extends OptimizerCommand {
  static override summary = "List what was run, newest first";
  static override description: string =
    "Reads the log alone: no server and no sandbox is started. A run that broke off died with its process.";
  static override examples: string[] = [
    "<%= config.bin %> runs list",
    "<%= config.bin %> runs list --limit 5 --json",
  ];
  static override flags: {
    limit: Interfaces.OptionFlag<number>;
    cursor: Interfaces.OptionFlag<string | undefined>;
    tenant: typeof tenantFlag;
  } = {
    limit: Flags.integer({ min: 1, max: 200, default: 20, description: "runs at most" }),
    cursor: Flags.string({ description: "goes on where an earlier list ended, which gave it" }),
    tenant: tenantFlag,
  };

  async run(): Promise<RunPage> {
    const { flags } = await this.parse(RunsList);
    const { openConfiguredState } = await import("../../open-configured-state.ts");
    const { runState, sourceLine } = await import("../../render-logged-run.ts");
    await using state = await openConfiguredState(flags, "runs are kept", this.stderrLog(flags));
    const { limit, cursor } = flags;
    const page = await state.executionLog.list(flags.tenant, {
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    if (this.jsonEnabled()) return page;
    const columns = [
      { heading: "run" },
      { heading: "began" },
      { heading: "state" },
      { heading: "calls", numeric: true },
      { heading: "what" },
    ];
    const rows = page.runs.map((run) => [
      plainText(run.runId),
      new Date(run.at).toISOString(),
      runState(run),
      String(run.calls),
      sourceLine(run.source, 60),
    ]);
    this.out(renderTable(columns, rows, process.stdout.isTTY));
    if (page.cursor !== undefined) process.stderr.write(`More with --cursor ${page.cursor}\n`);
    return page;
  }
}
