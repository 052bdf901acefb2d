import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import type { RevertPlan, RevertReport } from "@mcp-optimizer/core";
import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import { EXIT_CODES } from "../../exit-codes.ts";
import { OptimizerCommand } from "../../optimizer-command.ts";
import { runArgument } from "../../run-argument.ts";

export class RunsRevert extends OptimizerCommand {
  static override summary = "Take back what a run wrote, the last call first, where its inverse is declared";
  static override description: string =
    "Shows the calls that it would make and asks. Stops at the first that fails; done again, it goes on there and repeats nothing. " +
    "It is logged as RUN.revert.";
  static override examples: string[] = [
    "<%= config.bin %> runs revert r_4fJ2xk9Q0pYw --config .mcp.json",
    "<%= config.bin %> runs revert r_4fJ2xk9Q0pYw --dry-run --json",
  ];
  static override args: { run: Interfaces.Arg<string> } = { run: runArgument };
  static override flags: {
    yes: Interfaces.BooleanFlag<boolean>;
    "dry-run": Interfaces.BooleanFlag<boolean>;
    skip: Interfaces.OptionFlag<number[] | undefined>;
  } = {
    yes: Flags.boolean({ char: "y", description: "do not ask" }),
    "dry-run": Flags.boolean({ description: "say what would be done, and do nothing" }),
    skip: Flags.integer({ multiple: true, min: 0, description: "a call of the run that is left as it is" }),
  };

  async run(): Promise<RevertPlan | RevertReport> {
    const { args, flags } = await this.parse(RunsRevert);
    const { openOptimizer } = await import("../../open-optimizer.ts");
    const { renderRevertPlan, renderRevertReport } = await import("../../render-revert.ts");
    const { signal } = this.interruptible();
    const { config, sandbox, yes, "dry-run": dry, skip = [] } = flags;
    await using opened = await openOptimizer({ config, sandbox, log: this.stderrLog(flags), signal });
    const { runs } = opened.optimizer;
    const plan = await runs.planRevert(args.run, { skip });
    const nothing = plan.steps.every(({ done }) => done);
    if (dry || nothing) {
      if (!this.jsonEnabled()) this.out(renderRevertPlan(plan));
      return plan;
    }
    if (!yes) {
      process.stderr.write(`${renderRevertPlan(plan)}\n`);
      await this.ask(signal);
    }
    const report = await runs.revert(args.run, { approved: plan.id, skip, signal });
    if (!this.jsonEnabled()) this.out(renderRevertReport(report));
    if (report.failed) process.exitCode = EXIT_CODES.failed;
    return report;
  }

  private async ask(signal: AbortSignal): Promise<void> {
    const { confirm } = await import("../../confirm.ts");
    const { stdin: input, stderr: output } = process;
    if (!input.isTTY) {
      throw new OptimizerError("approval_required", { detail: "nobody can be asked here; --yes allows it" });
    }
    if (await confirm("Take it back?", { input, output, signal })) return;
    throw new OptimizerError("approval_rejected", { detail: "nothing was done" });
  }
}
