import { Command } from "@oclif/core/command";
import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import type { Log } from "@mcp-optimizer/contracts";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import { EXIT_CODES, exitCodeOf } from "./exit-codes.ts";
import { plainText } from "./plain-text.ts";
import { createStderrLog } from "./stderr-log.ts";

/** What every command shares: its flags, its log, its way of failing. */
export abstract class OptimizerCommand extends Command {
  static override enableJsonFlag = true;

  static override baseFlags: {
    config: Interfaces.OptionFlag<string | undefined>;
    sandbox: Interfaces.OptionFlag<string | undefined>;
    verbose: Interfaces.BooleanFlag<boolean>;
  } = {
    config: Flags.string({ char: "c", description: "file with your client's mcpServers", helpValue: "FILE" }),
    sandbox: Flags.string({
      description: "where programs run, or several with commas, the preferred first",
      helpValue: "NAME",
    }),
    verbose: Flags.boolean({ char: "v", description: "say more on standard error" }),
  };

  /** The log on standard error. */
  protected stderrLog({ verbose }: { verbose: boolean }): Log {
    return createStderrLog({
      level: verbose ? "debug" : "warn",
      json: this.jsonEnabled(),
      write: (line) => process.stderr.write(line),
    });
  }

  /** Aborts when the person, or the system, wants the command to end. */
  protected interruptible(): AbortController {
    const abort = new AbortController();
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => abort.abort());
    return abort;
  }

  /** Writes a result. */
  protected out(text: string): void {
    if (text !== "") process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  }

  /** An error becomes one line that says what to do, or one JSON object; and an exit code. */
  protected override async catch(error: Error & { oclif?: { exit?: number } }): Promise<void> {
    const typed = OptimizerError.is(error) ? error : undefined;
    const code = typed?.code ?? (error.oclif ? "usage" : "internal");
    const exit = typed
      ? exitCodeOf(typed.code)
      : error.oclif?.exit !== undefined
        ? error.oclif.exit
        : EXIT_CODES.failed;
    const message = plainText(error.message).replace(/\s+See more help with --help$/, "");
    if (this.jsonEnabled()) this.logJson({ error: { code, message } });
    else
      process.stderr.write(
        `mcp-optimizer: ${message}${error.oclif ? ` (see mcp-optimizer ${this.id?.replaceAll(":", " ")} --help)` : ""}\n`,
      );
    if ((this.argv.includes("--verbose") || this.argv.includes("-v")) && error.stack !== undefined)
      process.stderr.write(`${error.stack}\n`);
    process.exitCode = exit;
  }
}
