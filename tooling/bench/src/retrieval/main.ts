import { loadBenchTable } from "./bench-word-vectors.ts";
import { benchFolder, hasLiveMcpBench, readLiveMcpBench } from "./live-mcp-bench.ts";

const RUNS = 3;
const folder = benchFolder(process.env);

if (!hasLiveMcpBench(folder)) {
  fail(
    `LiveMCPBench is not in ${folder}. Set MCP_OPTIMIZER_SHARED to the folder that has data/livemcpbench with tools.json and all_annotations.json.`,
  );
} else {
  const modules = await load();
  if (modules !== undefined) {
    const bench = await readLiveMcpBench(folder);
    const table = await loadBenchTable(folder);
    const report = await modules.measureRetrieval(bench, table, RUNS, (line) => console.error(line));
    console.log(
      process.argv.includes("--json") ? JSON.stringify(report, undefined, 2) : modules.printReport(report),
    );
  }
}

/** Loads what needs the built packages. */
async function load() {
  try {
    const [{ measureRetrieval }, { printReport }] = await Promise.all([
      import("./retrieval-report.ts"),
      import("./print-report.ts"),
    ]);
    return { measureRetrieval, printReport };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    return fail("The packages are not built. Run: npm run setup && npm run build");
  }
}

function fail(message: string): undefined {
  console.error(message);
  process.exitCode = 1;
}
