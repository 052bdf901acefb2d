import * as Args from "@oclif/core/args";
import type { Interfaces } from "@oclif/core";
import * as Flags from "@oclif/core/flags";
import type { SearchAnswer, SearchDetail } from "@mcp-optimizer/core";
import { OptimizerCommand } from "../optimizer-command.ts";

export class Search extends OptimizerCommand {
  static override summary = "Find tools, as the model's search_tools does";
  static override examples: string[] = ['<%= config.bin %> search "read a file; list branches"'];
  static override args: { query: Interfaces.Arg<string> } = {
    query: Args.string({
      required: true,
      description: 'what is needed; several needs separated by ";"; "" browses',
    }),
  };
  static override flags: {
    server: Interfaces.OptionFlag<string | undefined>;
    detail: Interfaces.OptionFlag<SearchDetail | undefined>;
    limit: Interfaces.OptionFlag<number | undefined>;
    offset: Interfaces.OptionFlag<number | undefined>;
  } = {
    server: Flags.string({ char: "s", description: "only tools of this server" }),
    detail: Flags.option({
      options: ["names", "signatures", "full"] as const,
      description: "how much of each tool",
    })(),
    limit: Flags.integer({ min: 1, max: 200, description: "tools per need at most" }),
    offset: Flags.integer({ min: 0, description: "first tool of the page" }),
  };

  async run(): Promise<SearchAnswer> {
    const { args, flags } = await this.parse(Search);
    const { openOptimizer } = await import("../open-optimizer.ts");
    const { renderSearchAnswer } = await import("@mcp-optimizer/core");
    const { config, sandbox } = flags;
    await using opened = await openOptimizer({ config, sandbox, log: this.stderrLog(flags) });
    const { optimizer } = opened;
    const { server, detail, limit, offset } = flags;
    const answer = optimizer.search({ query: args.query, server, detail, limit, offset });
    if (!this.jsonEnabled()) this.out(renderSearchAnswer(answer));
    return answer;
  }
}
