import type { SandboxProbe } from "@mcp-optimizer/contracts";
import type { ProbedSandbox } from "@mcp-optimizer/sandbox";
import { OptimizerCommand } from "../optimizer-command.ts";
import { plainText } from "../plain-text.ts";
import { renderTable } from "../render-table.ts";

/** What `sandboxes --json` prints. */
export interface SandboxesReport {
  readonly sandboxes: readonly (SandboxProbe & { readonly name: string; readonly chosen: boolean })[];
}

export class Sandboxes extends OptimizerCommand {
  static override summary = "Show what every sandbox can hold on this machine, and which is configured";
  static override description: string =
    "Each limit is enforced by a boundary, soft (checks that a native loop can outrun) or none. Without a configuration the defaults " +
    "are looked at. docker and gvisor make their image where the daemon has none yet.";
  static override examples: string[] = [
    "<%= config.bin %> sandboxes",
    "<%= config.bin %> sandboxes --config .mcp.json --json",
  ];

  async run(): Promise<SandboxesReport> {
    const { flags } = await this.parse(Sandboxes);
    const { configuredSandbox } = await import("../configured-sandbox.ts");
    const { probeReason, probeSandboxes } = await import("@mcp-optimizer/sandbox");
    const log = this.stderrLog(flags);
    const settings = configuredSandbox(flags, log);
    const [first] = [settings.backend ?? "wasi"].flat();
    const found = await probeSandboxes(settings, log);
    if (!this.jsonEnabled()) this.print(found, first, probeReason);
    return { sandboxes: found.map(({ name, probe }) => ({ name, chosen: name === first, ...probe })) };
  }

  private print(
    found: readonly ProbedSandbox[],
    chosen: string | undefined,
    reasonOf: (probe: SandboxProbe) => string | undefined,
  ): void {
    const terminal = process.stdout.isTTY;
    const columns = ["sandbox", "available", "languages", "versions"].map((heading) => ({ heading }));
    const rows = found.map(({ name, probe }) => [
      name === chosen ? `${name} *` : name,
      probe.available ? "yes" : "no",
      probe.available ? probe.languages.join(", ") : "-",
      reasonOf(probe) ?? versionsText(probe.versions),
    ]);
    this.out(renderTable(columns, rows, terminal));
    for (const { name, probe } of found) {
      for (const warning of probe.warnings) this.out(`${name}: warning: ${plainText(warning)}`);
    }
    const available = found.filter(({ probe }) => probe.available);
    const bounds = available[0] === undefined ? [] : Object.keys(available[0].probe.enforcement);
    const heads = [{ heading: "limit" }, ...available.map(({ name }) => ({ heading: name }))];
    const table = bounds.map((bound) => [
      bound,
      ...available.map(({ probe }) => probe.enforcement[bound as keyof SandboxProbe["enforcement"]]),
    ]);
    this.out(
      `\n${renderTable(heads, terminal ? table : [heads.map(({ heading }) => heading), ...table], terminal)}`,
    );
  }
}

const versionsText = (versions: SandboxProbe["versions"]): string =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
