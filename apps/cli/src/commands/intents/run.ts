import type { ResponseEnvelope } from "@mcp-optimizer/contracts";
import { isErrorCode } from "@mcp-optimizer/contracts/errors";
import type { Interfaces } from "@oclif/core";
import * as Flags from "@oclif/core/flags";
import { EXIT_CODES, exitCodeOf } from "../../exit-codes.ts";
import { intentArgument } from "../../intent-argument.ts";
import { OptimizerCommand } from "../../optimizer-command.ts";
import { parseParams } from "../../parse-params.ts";
import { plainText } from "../../plain-text.ts";
import { sessionFlag } from "../../setting-flags.ts";

export class IntentsRun extends OptimizerCommand {
  static override summary = "Do an intent";
  static override description: string =
    "The value goes to standard output; with --json the whole response, errors included.";
  static override examples: string[] = [
    `<%= config.bin %> intents run latest_commits --params '{ "limit": 3 }' --config .mcp.json`,
  ];
  static override args: { name: Interfaces.Arg<string> } = { name: intentArgument };
  static override flags: {
    params: Interfaces.OptionFlag<string>;
    yes: Interfaces.BooleanFlag<boolean>;
    session: typeof sessionFlag;
  } = {
    params: Flags.string({ default: "{}", description: "a JSON object", helpValue: "JSON" }),
    session: sessionFlag,
    yes: Flags.boolean({ char: "y", description: "approve what the policy asks about" }),
  };

  async run(): Promise<ResponseEnvelope> {
    const { args, flags } = await this.parse(IntentsRun);
    const { config, sandbox, yes, session } = flags;
    const named = session === undefined ? {} : { sessionId: session };
    const params = parseParams(flags.params);
    const { openOptimizer } = await import("../../open-optimizer.ts");
    const { withApproval } = await import("../../with-approval.ts");
    const { signal } = this.interruptible();
    await using opened = await openOptimizer({ config, sandbox, log: this.stderrLog(flags), signal });
    const { code } = opened.optimizer;
    const answer = await withApproval(
      (more) => code.executeIntent(args.name, params, { signal, ...named, ...more }),
      {
        yes,
        input: process.stdin,
        output: process.stderr,
        signal,
      },
    );
    if ("error" in answer) process.exitCode = exitCodeOfAnswer(answer.error.data?.code);
    if (!this.jsonEnabled()) this.print(answer);
    return answer;
  }

  private print(answer: ResponseEnvelope): void {
    if ("error" in answer) {
      process.stderr.write(`mcp-optimizer: ${plainText(answer.error.message)}\n`);
      return;
    }
    const { data } = answer.result;
    const shown = typeof data === "string" ? data : JSON.stringify(data, null, 2);
    // A file or a pipe gets the bytes as they are.
    this.out(process.stdout.isTTY ? plainText(shown, "lines") : shown);
  }
}

const exitCodeOfAnswer = (code: string | undefined): number =>
  isErrorCode(code) ? exitCodeOf(code) : EXIT_CODES.failed;
