import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import type { RunReport } from "@mcp-optimizer/core";
import { EXIT_CODES } from "../exit-codes.ts";
import { OptimizerCommand } from "../optimizer-command.ts";

export class Run extends OptimizerCommand {
  static override summary = "Run a program in the sandbox, as the model's run_code does";
  static override description =
    "The value goes to standard output, whole; console output and calls to standard error.";
  static override examples: string[] = [
    "<%= config.bin %> run report.ts",
    "echo 'return (await tools.search(\"read file\")).needs' | <%= config.bin %> run -",
  ];
  static override args: { file: Interfaces.Arg<string> } = {
    file: Args.string({
      required: true,
      description: "a TypeScript or JavaScript file; - reads standard input",
    }),
  };

  static override flags: { seed: Interfaces.OptionFlag<number | undefined> } = {
    seed: Flags.integer({ description: "make Math.random and crypto in the program repeatable" }),
  };

  async run(): Promise<RunReport> {
    const { args, flags } = await this.parse(Run);
    const { seed } = flags;
    const code = await readProgram(args.file);
    const { openOptimizer } = await import("../open-optimizer.ts");
    const abort = new AbortController();
    process.once("SIGINT", () => abort.abort());
    const whole = { resultTokens: Number.MAX_SAFE_INTEGER };
    await using opened = await openOptimizer({ config: flags.config, log: this.stderrLog(flags), ...whole });
    const { optimizer } = opened;
    const report = await optimizer.run({ code, signal: abort.signal, ...(seed !== undefined && { seed }) });
    if (!this.jsonEnabled()) this.print(report);
    if (report.error) process.exitCode = EXIT_CODES.failed;
    return report;
  }

  private print({ value, error, console, warnings, calls, durationMs }: RunReport): void {
    for (const { text: line } of console) process.stderr.write(`${line}\n`);
    for (const warning of warnings) process.stderr.write(`mcp-optimizer: warning: ${warning}\n`);
    if (process.stderr.isTTY) process.stderr.write(`${calls.length} calls, ${Math.round(durationMs)} ms\n`);
    if (error) {
      const { message, position, sourceLine } = error;
      const place = position ? ` (line ${position.line}, column ${position.column}: ${sourceLine})` : "";
      process.stderr.write(`mcp-optimizer: ${message}${place}\n`);
    } else if (value !== undefined)
      this.out(typeof value === "string" ? value : JSON.stringify(value, null, 2));
  }
}

async function readProgram(file: string): Promise<string> {
  if (file === "-") return text(process.stdin);
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new OptimizerError("invalid_params", { detail: `the program ${file} cannot be read`, cause });
  }
}
