import type { SavedProgram } from "@mcp-optimizer/contracts";
import type { Interfaces } from "@oclif/core";
import * as Flags from "@oclif/core/flags";
import { OptimizerCommand } from "../../optimizer-command.ts";
import { parseParameters } from "../../parse-parameter.ts";
import { runArgument } from "../../run-argument.ts";

export class IntentsSave extends OptimizerCommand {
  static override summary = "Keep the program of a run that worked, as an intent";
  static override description: string =
    "Programs find their parameters in params. Without --param they have the types that the run's own had. Under a name that is saved already " +
    "it becomes the next version, which is called from then on.";
  static override examples: string[] = [
    '<%= config.bin %> intents save r_4fJ2xk9Q0pYw --name latest_commits --description "The newest commits"',
    '<%= config.bin %> intents save r_4fJ2xk9Q0pYw --name latest -d "Newest" --param limit:integer --param "since?:string"',
  ];
  static override args: { run: Interfaces.Arg<string> } = { run: runArgument };
  static override flags: {
    name: Interfaces.OptionFlag<string>;
    description: Interfaces.OptionFlag<string>;
    param: Interfaces.OptionFlag<string[] | undefined>;
  } = {
    name: Flags.string({
      char: "n",
      required: true,
      description: "lower case letters, digits and underscores",
      helpValue: "NAME",
    }),
    description: Flags.string({
      char: "d",
      required: true,
      description: "what it does, for search",
      helpValue: "TEXT",
    }),
    param: Flags.string({
      multiple: true,
      description: "a parameter and its type; with ? after the name it may be left out",
      helpValue: "NAME:TYPE",
    }),
  };

  async run(): Promise<SavedProgram> {
    const { args, flags } = await this.parse(IntentsSave);
    const { config, sandbox, name, description, param } = flags;
    const params = param && parseParameters(param);
    const { openOptimizer } = await import("../../open-optimizer.ts");
    await using opened = await openOptimizer({ config, sandbox, log: this.stderrLog(flags) });
    const { programs } = opened.optimizer;
    const saved = await programs.save({ runId: args.run, name, description, ...(params && { params }) });
    if (!this.jsonEnabled()) this.out(`Saved ${saved.name}, version ${saved.version}`);
    return saved;
  }
}
