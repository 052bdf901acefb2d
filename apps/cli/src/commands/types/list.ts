import { OptimizerCommand } from "../../optimizer-command.ts";
import { plainText } from "../../plain-text.ts";
import { renderTable } from "../../render-table.ts";
import { tenantFlag } from "../../tenant-flag.ts";

/** A tool's learned type, as `types --json` prints it. */
export interface PrintedType {
  readonly server: string;
  readonly tool: string;
  readonly seen: number;
  /** TypeScript; null for an entry that this version cannot read. */
  readonly type: string | null;
}

export class TypesList extends OptimizerCommand {
  static override summary = "Show what was learned of the tools' results";
  static override description: string =
    "Reads the state file alone: no server and no sandbox is started. A type holds no value of any result. What is shown is of each tool's " +
    "definition when it was called last; one that has changed since is learned anew.";
  static override examples: string[] = ["<%= config.bin %> types", "<%= config.bin %> types --json"];

  static override flags: { tenant: typeof tenantFlag } = { tenant: tenantFlag };

  async run(): Promise<readonly PrintedType[]> {
    const { flags } = await this.parse(TypesList);
    const { openConfiguredState } = await import("../../open-configured-state.ts");
    const { learnedSignature } = await import("@mcp-optimizer/core");
    const kept = "what is learned of tools is known";
    await using state = await openConfiguredState(flags, kept, this.stderrLog(flags));
    const { learnedTypes: store } = state;
    const types = (await store.list(flags.tenant)).map((learned) => {
      const { server, tool, seen } = learned;
      return { server, tool, seen, type: learnedSignature(learned) ?? null };
    });
    if (this.jsonEnabled()) return types;
    if (types.length === 0)
      process.stderr.write("Nothing was learned yet: no tool was called that says too little itself.\n");
    const columns = [{ heading: "tool" }, { heading: "seen", numeric: true }, { heading: "type" }];
    const rows = types.map(({ server, tool, seen, type }) => [
      plainText(`${server}.${tool}`),
      String(seen),
      plainText(type ?? "(of another version)"),
    ]);
    if (types.length > 0) this.out(renderTable(columns, rows, process.stdout.isTTY));
    return types;
  }
}
