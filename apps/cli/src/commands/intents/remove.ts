import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import type { Interfaces } from "@oclif/core";
import { intentArgument } from "../../intent-argument.ts";
import { OptimizerCommand } from "../../optimizer-command.ts";

export class IntentsRemove extends OptimizerCommand {
  static override summary = "Take out a saved program, with all its versions";
  static override examples: string[] = ["<%= config.bin %> intents remove latest_commits"];
  static override args: { name: Interfaces.Arg<string> } = { name: intentArgument };

  async run(): Promise<{ readonly removed: string }> {
    const { args, flags } = await this.parse(IntentsRemove);
    const { openOptimizer } = await import("../../open-optimizer.ts");
    const { config, sandbox } = flags;
    await using opened = await openOptimizer({ config, sandbox, log: this.stderrLog(flags) });
    const { intents, programs } = opened.optimizer;
    const owner = intents.owner(args.name);
    if (owner !== undefined) {
      throw new OptimizerError("conflict", {
        detail: `${args.name} is of ${owner}; only saved programs can be removed`,
      });
    }
    await programs.remove(args.name);
    if (!this.jsonEnabled()) this.out(`Removed ${args.name}`);
    return { removed: args.name };
  }
}
