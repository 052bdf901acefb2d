import { loadBuilt, runBench } from "../run-bench.ts";

const modules = await loadBuilt(async () => {
  const [{ measureStates }, { printReport }] = await Promise.all([
    import("./state-report.ts"),
    import("./print-report.ts"),
  ]);
  return { measureStates, printReport };
});
if (modules !== undefined) {
  await runBench({
    json: process.argv.includes("--json"),
    measure: modules.measureStates,
    print: modules.printReport,
  });
}
