import type { Effect } from "@mcp-optimizer/contracts";
import { OptimizerCommand } from "../../optimizer-command.ts";
import { renderTable } from "../../render-table.ts";

/** What `intents list --json` prints. */
export interface IntentsReport {
  readonly intents: readonly {
    readonly name: string;
    readonly description: string;
    /** `missing`: it requires what is not here. `broken`: it contradicts its tools. */
    readonly state: "ready" | "missing" | "broken";
    /** Why it cannot be called. */
    readonly reasons: readonly string[];
    readonly effect: Effect;
    /** `the adaptor NAME`, or `saved`. */
    readonly by: string;
  }[];
}

export class IntentsList extends OptimizerCommand {
  static override summary = "List the intents: those of adaptors, and saved programs";
  static override description: string =
    "An intent is ready, is missing what it requires, or is broken: it contradicts the tools that it stands on.";
  static override examples: string[] = ["<%= config.bin %> intents list --config .mcp.json"];

  async run(): Promise<IntentsReport> {
    const { flags } = await this.parse(IntentsList);
    const { openOptimizer } = await import("../../open-optimizer.ts");
    const { config, sandbox } = flags;
    await using opened = await openOptimizer({ config, sandbox, log: this.stderrLog(flags) });
    const { intents: registry, router } = opened.optimizer;
    const intents = registry.intents.map(({ name, description }): IntentsReport["intents"][number] => {
      const { missing, findings, effect } = router.state(name);
      const state = findings.length > 0 ? "broken" : missing.length > 0 ? "missing" : "ready";
      const reasons = state === "broken" ? findings : missing;
      return { name, description, state, reasons, effect, by: registry.owner(name) ?? "saved" };
    });
    if (!this.jsonEnabled()) {
      const columns = ["intent", "state", "effect", "by", "what"].map((heading) => ({ heading }));
      const rows = intents.map(({ name, description, state, reasons, effect, by }) => {
        const why = reasons.length === 0 ? "" : `: ${reasons.join("; ")}`;
        return [name, `${state}${why}`, effect, by, description];
      });
      this.out(renderTable(columns, rows, process.stdout.isTTY));
    }
    return { intents };
  }
}
