import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import * as Args from "@oclif/core/args";
import type { Interfaces } from "@oclif/core";
import { OptimizerCommand } from "../../optimizer-command.ts";
import { tenantFlag } from "../../tenant-flag.ts";

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

  static override flags: { tenant: typeof tenantFlag } = { tenant: tenantFlag };

  async run(): Promise<{ readonly forgotten: number }> {
    const { args, flags } = await this.parse(TypesForget);
    const { openConfiguredState } = await import("../../open-configured-state.ts");
    const kept = "what is learned of tools is known";
    await using state = await openConfiguredState(flags, kept, this.stderrLog(flags));
    const { learnedTypes: store } = state;
    const { tool: name } = args;
    // Names of servers and tools may have dots: what is meant is looked for.
    const meant = (await store.list(flags.tenant)).flatMap(
      ({ server, tool }): (readonly [string, string?])[] =>
        `${server}.${tool}` === name ? [[server, tool]] : server === name ? [[server]] : [],
    );
    if (name !== undefined && meant.length === 0) {
      throw new OptimizerError("not_found", {
        detail: `nothing was learned of ${JSON.stringify(name.slice(0, 200))}; mcp-optimizer types shows what was`,
      });
    }
    const [server, tool] = meant.find(([, tool]) => tool !== undefined) ?? meant[0] ?? [];
    const forgotten = await store.forget(flags.tenant, server, tool);
    if (!this.jsonEnabled()) this.out(`Forgot ${forgotten} ${forgotten === 1 ? "type" : "types"}`);
    return { forgotten };
  }
}
