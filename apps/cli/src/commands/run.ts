import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import type { Language, RunLimits } from "@mcp-optimizer/contracts";
import type { RunReport } from "@mcp-optimizer/core";
import { EXIT_CODES } from "../exit-codes.ts";
import { plainText } from "../plain-text.ts";
import { OptimizerCommand } from "../optimizer-command.ts";

export class Run extends OptimizerCommand {
  static override summary = "Run a program in the sandbox, as the model's run_code does";
  static override description =
    "The value goes to standard output, whole; console output and calls to standard error.";
  static override examples: string[] = [
    "<%= config.bin %> run report.ts",
    "<%= config.bin %> run report.py --sandbox seccomp",
    "echo 'return (await tools.search(\"read file\")).needs' | <%= config.bin %> run -",
  ];
  static override args: { file: Interfaces.Arg<string> } = {
    file: Args.string({
      required: true,
      description: "a TypeScript, JavaScript or Python file; - reads standard input",
    }),
  };

  static override flags: {
    seed: Interfaces.OptionFlag<number | undefined>;
    language: Interfaces.OptionFlag<string | undefined>;
    timeout: Interfaces.OptionFlag<number | undefined>;
    memory: Interfaces.OptionFlag<number | undefined>;
  } = {
    language: Flags.string({
      char: "l",
      description: "typescript, javascript or python; by default what the file's name says",
      helpValue: "LANGUAGE",
    }),
    timeout: Flags.integer({
      min: 1,
      description: "seconds that the program may take, at most as many as configured",
    }),
    memory: Flags.integer({
      min: 4,
      description: "MB (2^20 bytes) of memory, at most as many as configured",
    }),
    seed: Flags.integer({
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
      description: "make Math.random and crypto in the program repeatable",
    }),
  };

  async run(): Promise<RunReport> {
    const { args, flags } = await this.parse(Run);
    const { seed, config, sandbox } = flags;
    const code = await readProgram(args.file);
    const { openOptimizer } = await import("../open-optimizer.ts");
    const { parseLanguage } = await import("@mcp-optimizer/core");
    const word = flags.language ?? (args.file.endsWith(".py") ? "python" : undefined);
    const language: { language?: Language } = word === undefined ? {} : { language: parseLanguage(word) };
    const abort = new AbortController();
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => abort.abort());
    const whole = { resultTokens: Number.MAX_SAFE_INTEGER };
    const { signal } = abort;
    await using opened = await openOptimizer({
      config,
      sandbox,
      log: this.stderrLog(flags),
      signal,
      ...whole,
    });
    const { optimizer } = opened;
    const report = await optimizer.run({
      code,
      signal,
      limits: limitsOf(flags),
      ...language,
      ...(seed !== undefined && { seed }),
    });
    if (!this.jsonEnabled()) this.print(report);
    if (report.error) process.exitCode = exitCodeOfRun(report.error.code);
    return report;
  }

  private print({
    value,
    error,
    console,
    consoleOmittedBytes,
    warnings,
    calls,
    durationMs,
  }: RunReport): void {
    const say = (text: string): void => void process.stderr.write(`${text}\n`);
    for (const { level, text: line } of console)
      say(`${level === "log" ? "" : `${level}: `}${plainText(line, "lines")}`);
    if (consoleOmittedBytes > 0)
      say(`mcp-optimizer: ${consoleOmittedBytes} bytes of console output were not kept`);
    for (const warning of warnings) say(`mcp-optimizer: warning: ${plainText(warning)}`);
    if (process.stderr.isTTY) say(`${calls.length} calls, ${Math.round(durationMs)} ms`);
    if (error) {
      const { message, position, sourceLine = "" } = error;
      const place = position ? ` (line ${position.line}, column ${position.column}: ${sourceLine})` : "";
      return say(`mcp-optimizer: ${plainText(message + place)}`);
    }
    if (value === undefined) return;
    const shown = typeof value === "string" ? value : JSON.stringify(value, null, 2);
    // A file or a pipe gets the bytes as they are.
    this.out(process.stdout.isTTY ? plainText(shown, "lines") : shown);
  }
}

interface RunFlags {
  readonly timeout: number | undefined;
  readonly memory: number | undefined;
}

const limitsOf = ({ timeout, memory }: RunFlags): Partial<RunLimits> => ({
  ...(timeout !== undefined && { wallMs: timeout * 1_000 }),
  ...(memory !== undefined && { memoryBytes: memory * 1024 * 1024 }),
});

/** A program that fails is 1 whatever its error says; only a sandbox that cannot be had is not its fault. */
const exitCodeOfRun = (code: string): number =>
  code === "sandbox_unavailable" ? EXIT_CODES.unavailable : EXIT_CODES.failed;

async function readProgram(file: string): Promise<string> {
  if (file === "-") return text(process.stdin);
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new OptimizerError("invalid_params", { detail: `the program ${file} cannot be read`, cause });
  }
}
