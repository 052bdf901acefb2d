import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import * as Args from "@oclif/core/args";
import type { Interfaces } from "@oclif/core";
import { OptimizerCommand } from "../../optimizer-command.ts";
import { tenantFlag } from "../../tenant-flag.ts";

export class SessionsDelete extends OptimizerCommand {
  static override summary = "End a session, with what programs keep in it";
  static override description: string =
    "Nobody is asked, and nothing brings it back. Where an archive is set, the session is written to it.";
  static override examples: string[] = ["<%= config.bin %> sessions delete s_3f9K…"];
  static override args: { session: Interfaces.Arg<string> } = {
    session: Args.string({ required: true, description: "an id as sessions list shows it" }),
  };
  static override flags: { tenant: typeof tenantFlag } = { tenant: tenantFlag };

  async run(): Promise<{ readonly deleted: string }> {
    const { args, flags } = await this.parse(SessionsDelete);
    const { openConfiguredSessions } = await import("../../open-configured-sessions.ts");
    await using opened = await openConfiguredSessions(flags, this.stderrLog(flags));
    const { session } = args;
    if (!(await opened.sessions.delete({ tenant: flags.tenant }, session))) {
      throw new OptimizerError("not_found", {
        detail: `there is no session ${JSON.stringify(session.slice(0, 200))}; mcp-optimizer sessions list shows those that there are`,
      });
    }
    if (!this.jsonEnabled()) this.out(`Ended ${session}`);
    return { deleted: session };
  }
}
