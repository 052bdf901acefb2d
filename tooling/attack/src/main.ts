// Runs the attacks on one backend. Exit code 0: nothing was reached; for `basic`, which stops little, also when something was. 1: something was
// reached, or a run did not end as it has to. 2: the arguments are wrong. 3: the backend cannot be had here.
import { parseArguments, USAGE, type AttackArguments } from "./parse-arguments.ts";

/** Loads what needs the installed and built packages. */
async function load() {
  try {
    const [{ SANDBOX_NAMES }, { runBackend }, { printReport }] = await Promise.all([
      import("@mcp-optimizer/sandbox"),
      import("./run-backend.ts"),
      import("./print-report.ts"),
    ]);
    return { names: SANDBOX_NAMES, runBackend, printReport };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    console.error("The packages are not installed or not built. Run: npm run setup && npm run build");
    process.exitCode = 3;
    return undefined;
  }
}

function readArguments(names: readonly string[]): AttackArguments | undefined {
  try {
    return parseArguments(process.argv.slice(2), names);
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

const modules = await load();
const asked = modules && readArguments(modules.names);
if (modules && asked) {
  try {
    const report = await modules.runBackend(asked, (line) => console.error(line));
    console.log(asked.json ? JSON.stringify(report, undefined, 2) : modules.printReport(report));
    const failed = report.escaped > 0 || report.attacks.some(({ held }) => !held);
    process.exitCode = failed && asked.backend !== "basic" ? 1 : 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 3;
  }
}
