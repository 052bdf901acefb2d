import { parseArgs } from "node:util";
import { TASKS } from "../../tasks/index.ts";
import { failBench, loadBuilt, runBench } from "../run-bench.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean" }, only: { type: "string", multiple: true } },
});
const only = values.only?.flatMap((ids) => ids.split(","));
const unknown = only?.filter((id) => !TASKS.some((task) => task.id === id)) ?? [];

if (unknown.length > 0) {
  failBench(`There is no task ${unknown.join(", ")}. Tasks: ${TASKS.map(({ id }) => id).join(", ")}`);
} else {
  const modules = await loadBuilt(async () => {
    const [{ measureTasks }, { printReport }] = await Promise.all([
      import("./tasks-report.ts"),
      import("./print-report.ts"),
    ]);
    return { measureTasks, printReport };
  });
  if (modules !== undefined) {
    const tasks = TASKS.filter(({ id }) => only?.includes(id) ?? true);
    await runBench({
      json: values.json ?? false,
      measure: (say, signal) => modules.measureTasks(tasks, say, signal),
      print: modules.printReport,
      failed: ({ total }) => !total.correct,
    });
  }
}
