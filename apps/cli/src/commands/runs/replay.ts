import type { Replay } from "@mcp-optimizer/core";
import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import { OptimizerCommand } from "../../optimizer-command.ts";
import { runArgument } from "../../run-argument.ts";

export class RunsReplay extends OptimizerCommand {
  static override summary = "Go through a run again, without making a call that worked once more";
  static override description: string =
    "Calls that worked give what they gave then. What failed is tried again; a write that may have happened is not. A run that wrote with tools " +
    "which are others by now is refused before anything runs.";
  static override examples: string[] = ["<%= config.bin %> runs replay r_4fJ2xk9Q0pYw --config .mcp.json"];
  static override args: { run: Interfaces.Arg<string> } = { run: runArgument };
  static override flags: { yes: Interfaces.BooleanFlag<boolean> } = {
    yes: Flags.boolean({ char: "y", description: "approve what the policy asks about" }),
  };

  async run(): Promise<Replay> {
    const { args, flags } = await this.parse(RunsReplay);
    const { openOptimizer } = await import("../../open-optimizer.ts");
    const { printRunReport, exitCodeOfRun } = await import("../../print-run-report.ts");
    const { withApproval } = await import("../../with-approval.ts");
    const { signal } = this.interruptible();
    const { config, sandbox, yes } = flags;
    await using opened = await openOptimizer({ config, sandbox, log: this.stderrLog(flags), signal });
    const { runs } = opened.optimizer;
    const replay = await withApproval((more) => runs.replay(args.run, { signal, whole: true, ...more }), {
      yes,
      input: process.stdin,
      output: process.stderr,
      signal,
    });
    if (replay.kind === "program") {
      if (!this.jsonEnabled()) printRunReport(replay.report);
      if (replay.report.error) process.exitCode = exitCodeOfRun(replay.report.error.code);
    } else if (!this.jsonEnabled()) this.out(JSON.stringify(replay.answer.result, null, 2));
    return replay;
  }
}
