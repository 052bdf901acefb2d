import { loadBuilt, runBench } from "../run-bench.ts";

const modules = await loadBuilt(async () => {
  const [{ measureTypes }, { printReport }] = await Promise.all([
    import("./types-report.ts"),
    import("./print-report.ts"),
  ]);
  return { measureTypes, printReport };
});
if (modules !== undefined) {
  await runBench({
    json: process.argv.includes("--json"),
    measure: modules.measureTypes,
    print: modules.printReport,
  });
}
