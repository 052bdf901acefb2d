import type { LoggedRun } from "@mcp-optimizer/contracts";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import type { Interfaces } from "@oclif/core";
import { OptimizerCommand } from "../../optimizer-command.ts";
import { runArgument } from "../../run-argument.ts";
import { tenantFlag } from "../../tenant-flag.ts";

export class RunsShow extends OptimizerCommand {
  static override summary = "Show a run: its program, its calls, and what came of each";
  static override description: string =
    "Reads the log alone: no server and no sandbox is started. A call whose outcome is unknown may have worked.";
  static override examples: string[] = ["<%= config.bin %> runs show r_4fJ2xk9Q0pYw"];
  static override args: { run: Interfaces.Arg<string> } = { run: runArgument };

  static override flags: { tenant: typeof tenantFlag } = { tenant: tenantFlag };

  async run(): Promise<LoggedRun> {
    const { args, flags } = await this.parse(RunsShow);
    const { openConfiguredState } = await import("../../open-configured-state.ts");
    const { renderLoggedRun } = await import("../../render-logged-run.ts");
    await using state = await openConfiguredState(flags, "runs are kept", this.stderrLog(flags));
    const run = await state.executionLog.read(flags.tenant, args.run);
    if (run === undefined) throw new OptimizerError("not_found", { detail: `there is no run ${args.run}` });
    if (!this.jsonEnabled()) this.out(renderLoggedRun(run, process.stdout.isTTY));
    return run;
  }
}
