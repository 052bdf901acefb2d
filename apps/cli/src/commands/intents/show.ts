import type { JsonObject } from "@mcp-optimizer/contracts";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import type { Interfaces } from "@oclif/core";
import * as Flags from "@oclif/core/flags";
import { intentArgument } from "../../intent-argument.ts";
import { OptimizerCommand } from "../../optimizer-command.ts";
import { plainText } from "../../plain-text.ts";

/** What `intents show --json` prints. */
export interface IntentReport {
  readonly name: string;
  readonly description: string;
  readonly by: string;
  readonly input: JsonObject;
  readonly output?: JsonObject;
  readonly tool?: string;
  readonly code?: string;
  /** Of a saved program. */
  readonly version?: number;
  readonly run?: string;
  readonly savedAt?: string;
}

export class IntentsShow extends OptimizerCommand {
  static override summary = "Show an intent: its parameters, and what does it";
  static override examples: string[] = [
    "<%= config.bin %> intents show latest_commits --config .mcp.json",
    "<%= config.bin %> intents show latest_commits --version 1 --json",
  ];
  static override args: { name: Interfaces.Arg<string> } = { name: intentArgument };
  static override flags: { version: Interfaces.OptionFlag<number | undefined> } = {
    version: Flags.integer({
      min: 1,
      description: "of a saved program; by default the newest, which is called",
    }),
  };

  async run(): Promise<IntentReport> {
    const { args, flags } = await this.parse(IntentsShow);
    const { openOptimizer } = await import("../../open-optimizer.ts");
    const { config, sandbox, version } = flags;
    await using opened = await openOptimizer({ config, sandbox, log: this.stderrLog(flags) });
    const { intents, programs } = opened.optimizer;
    const owner = intents.owner(args.name);
    if (owner !== undefined && version !== undefined) {
      throw new OptimizerError("invalid_params", {
        detail: `${args.name} is of ${owner}, and has no versions`,
      });
    }
    const report =
      owner === undefined ? await saved(programs, args.name, version) : defined(intents, args.name);
    if (!this.jsonEnabled()) this.out(render(report));
    return report;
  }
}

type Parts = Pick<
  Awaited<ReturnType<typeof import("../../open-optimizer.ts").openOptimizer>>["optimizer"],
  "intents" | "programs"
>;

async function saved(
  programs: Parts["programs"],
  name: string,
  wanted: number | undefined,
): Promise<IntentReport> {
  const { description, params, code, version, runId, at } = await programs.read(name, wanted);
  const savedAt = new Date(at).toISOString();
  return { name, description, by: "saved", input: params, code, version, run: runId, savedAt };
}

function defined(intents: Parts["intents"], name: string): IntentReport {
  const { description, inputSchema, outputSchema, tool, code } = intents.get(name);
  return {
    name,
    description,
    by: intents.owner(name)!,
    input: inputSchema,
    ...(outputSchema && { output: outputSchema }),
    ...(tool && { tool: tool.name }),
    ...(code !== undefined && { code }),
  };
}

function render({
  name,
  description,
  by,
  input,
  output,
  tool,
  code,
  version,
  run,
  savedAt,
}: IntentReport): string {
  const lines = [
    `${name}: ${description}`,
    version === undefined ? by : `saved, version ${version}, from the run ${run} (${savedAt})`,
    `parameters ${JSON.stringify(input)}`,
    ...(output ? [`gives ${JSON.stringify(output)}`] : []),
    ...(tool === undefined ? [] : [`tool ${tool}`]),
  ];
  const text = [...lines.map((line) => plainText(line)), ...(code === undefined ? [] : ["", code])].join(
    "\n",
  );
  return plainText(text, "lines");
}
