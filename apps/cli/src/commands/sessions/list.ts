import type { SessionRecord } from "@mcp-optimizer/contracts";
import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import { OptimizerCommand } from "../../optimizer-command.ts";
import { plainText } from "../../plain-text.ts";
import { renderTable } from "../../render-table.ts";
import { tenantFlag } from "../../tenant-flag.ts";

/** A page of sessions, as `sessions list --json` prints it. */
export interface PrintedSessions {
  readonly sessions: readonly SessionRecord[];
  readonly cursor?: string;
}

export class SessionsList extends OptimizerCommand {
  static override summary = "List the sessions in which programs keep variables, oldest first";
  static override description: string =
    "Reads the state alone: no server and no sandbox is started. What programs keep in a session is not shown.";
  static override examples: string[] = [
    "<%= config.bin %> sessions list",
    "<%= config.bin %> sessions list --limit 5 --json",
  ];
  static override flags: {
    limit: Interfaces.OptionFlag<number>;
    cursor: Interfaces.OptionFlag<string | undefined>;
    tenant: typeof tenantFlag;
  } = {
    limit: Flags.integer({ min: 1, max: 200, default: 20, description: "sessions at most" }),
    cursor: Flags.string({ description: "goes on where an earlier list ended, which gave it" }),
    tenant: tenantFlag,
  };

  async run(): Promise<PrintedSessions> {
    const { flags } = await this.parse(SessionsList);
    const { openConfiguredSessions } = await import("../../open-configured-sessions.ts");
    await using opened = await openConfiguredSessions(flags, this.stderrLog(flags));
    const { limit, cursor, tenant } = flags;
    const page = await opened.sessions.list({ tenant }, { limit, cursor });
    if (this.jsonEnabled()) return page;
    const columns = ["session", "of", "made", "ends"].map((heading) => ({ heading }));
    const rows = page.sessions.map(({ id, principal, createdAt, expiresAt }) => [
      plainText(id),
      plainText(principal),
      new Date(createdAt).toISOString(),
      new Date(expiresAt).toISOString(),
    ]);
    this.out(renderTable(columns, rows, process.stdout.isTTY));
    if (page.cursor !== undefined) process.stderr.write(`More with --cursor ${page.cursor}\n`);
    return page;
  }
}
