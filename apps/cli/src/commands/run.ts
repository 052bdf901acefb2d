import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import type { Language, RunLimits } from "@mcp-optimizer/contracts";
import type { RunReport, RunRequest } from "@mcp-optimizer/core";
import { EXIT_CODES } from "../exit-codes.ts";
import { parseParams } from "../parse-params.ts";
import { OptimizerCommand } from "../optimizer-command.ts";
import { saveShown } from "../save-shown.ts";
import { checkFlag, maxTokensFlag, sessionFlag } from "../setting-flags.ts";

export class Run extends OptimizerCommand {
  static override summary = "Run a program in the sandbox, as the model's run_code does";
  static override description =
    "The value goes to standard output, whole; console output and calls to standard error.";
  static override examples: string[] = [
    "<%= config.bin %> run report.ts",
    "<%= config.bin %> run report.py --sandbox seccomp",
    "<%= config.bin %> run chart.ts --media ./charts",
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
    params: Interfaces.OptionFlag<string | undefined>;
    yes: Interfaces.BooleanFlag<boolean>;
    session: typeof sessionFlag;
    "max-tokens": typeof maxTokensFlag;
    check: typeof checkFlag;
    language: Interfaces.OptionFlag<string | undefined>;
    timeout: Interfaces.OptionFlag<number | undefined>;
    memory: Interfaces.OptionFlag<number | undefined>;
    media: Interfaces.OptionFlag<string | undefined>;
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
    params: Flags.string({
      description: "a JSON object, which the program has as params",
      helpValue: "JSON",
    }),
    media: Flags.string({
      description: "save the images and files that the program shows in this folder; nothing is overwritten",
      helpValue: "FOLDER",
    }),
    yes: Flags.boolean({ char: "y", description: "approve what the policy asks about" }),
    session: sessionFlag,
    "max-tokens": maxTokensFlag,
    check: checkFlag,
    seed: Flags.integer({
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
      description: "make Math.random and crypto in the program repeatable",
    }),
  };

  async run(): Promise<RunReport> {
    const { args, flags } = await this.parse(Run);
    const { seed, config, sandbox, session } = flags;
    const params = flags.params === undefined ? undefined : parseParams(flags.params);
    const code = await readProgram(args.file);
    const word = flags.language ?? (args.file.endsWith(".py") ? "python" : undefined);
    const language = word === undefined ? {} : await languageOf(word);
    const { openOptimizer } = await import("../open-optimizer.ts");
    const { withApproval } = await import("../with-approval.ts");
    const whole = { resultTokens: Number.MAX_SAFE_INTEGER };
    const { signal } = this.interruptible();
    await using opened = await openOptimizer({
      config,
      sandbox,
      check: flags.check,
      "max-tokens": flags["max-tokens"],
      log: this.stderrLog(flags),
      signal,
      ...whole,
    });
    const { optimizer } = opened;
    const request: RunRequest = {
      code,
      signal,
      limits: limitsOf(flags),
      ...language,
      ...(params && { params }),
      ...(seed !== undefined && { seed }),
      ...(session !== undefined && { sessionId: session }),
    };
    const ran = await withApproval((more) => optimizer.run({ ...request, ...more }), {
      yes: flags.yes,
      input: process.stdin,
      output: process.stderr,
      signal,
    });
    const { exitCodeOfRun, printRunReport } = await import("../print-run-report.ts");
    const { report, saved } = await savedTo(flags.media, ran);
    if (!this.jsonEnabled()) printRunReport(report, saved);
    if (report !== ran) process.exitCode = EXIT_CODES.unavailable;
    if (report.error) process.exitCode = exitCodeOfRun(report.error.code);
    return report;
  }
}

/** The program has run: where nothing can be saved, its report still counts, and says so. */
async function savedTo(
  folder: string | undefined,
  report: RunReport,
): Promise<{ report: RunReport; saved?: Awaited<ReturnType<typeof saveShown>> }> {
  if (folder === undefined) return { report };
  try {
    return { report, saved: await saveShown(report.shown, folder) };
  } catch (error) {
    if (!OptimizerError.is(error)) throw error;
    return { report: { ...report, warnings: [...report.warnings, error.message] } };
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

async function languageOf(word: string): Promise<{ language: Language }> {
  const { parseLanguage } = await import("@mcp-optimizer/core");
  return { language: parseLanguage(word) };
}

async function readProgram(file: string): Promise<string> {
  if (file === "-") return text(process.stdin);
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new OptimizerError("invalid_params", { detail: `the program ${file} cannot be read`, cause });
  }
}
