import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CLI = fileURLToPath(new URL("../../../apps/cli/bin/run.js", import.meta.url));

/** Prints what `mcp-optimizer savings` says of the sessions of a configuration. */
export async function printSavings(config: string, print: (text: string) => void): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, "savings", "--config", config]);
  const rows = stdout.split("\n").map((line) => line.split("\t"));
  const lines = rows.map(([name = "", tokens, ...rest]) =>
    tokens === undefined
      ? name
      : `  ${name.padEnd(20)} ${tokens.padStart(8)}  ${(rest[0] ?? "").padEnd(10)} ${rest.slice(1).join(" ")}`.trimEnd(),
  );
  print(`\n$ mcp-optimizer savings\n${lines.join("\n")}`);
}
