import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import * as Args from "@oclif/core/args";
import type { Interfaces } from "@oclif/core";
import { OptimizerCommand } from "../../optimizer-command.ts";

export class TypesForget extends OptimizerCommand {
  static override summary = "Forget what was learned of a tool, of a server, or of all";
  static override examples: string[] = [
    "<%= config.bin %> types forget sqlite.read_query",
    "<%= config.bin %> types forget sqlite",
    "<%= config.bin %> types forget",
  ];
  static override args: { tool: Interfaces.Arg<string | undefined> } = {
    tool: Args.string({ description: "a tool as types shows it, or a server; default all" }),
  };

  async run(): Promise<{ readonly forgotten: number }> {
    const { args, flags } = await this.parse(TypesForget);
    const { openConfiguredTypes } = await import("../../open-configured-types.ts");
    await using store = await openConfiguredTypes(flags, this.stderrLog(flags));
    const { tool: name } = args;
    // Names of servers and tools may have dots: what is meant is looked for.
    const meant = (await store.list("local")).flatMap(({ server, tool }): (readonly [string, string?])[] =>
      `${server}.${tool}` === name ? [[server, tool]] : server === name ? [[server]] : [],
    );
    if (name !== undefined && meant.length === 0) {
      throw new OptimizerError("not_found", {
        detail: `nothing was learned of ${JSON.stringify(name.slice(0, 200))}; mcp-optimizer types shows what was`,
      });
    }
    const [server, tool] = meant.find(([, tool]) => tool !== undefined) ?? meant[0] ?? [];
    const forgotten = await store.forget("local", server, tool);
    if (!this.jsonEnabled()) this.out(`Forgot ${forgotten} ${forgotten === 1 ? "type" : "types"}`);
    return { forgotten };
  }
}
