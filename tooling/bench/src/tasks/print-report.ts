import type { TasksReport } from "./tasks-report.ts";

const COLUMNS = ["classicOwn", "classicAll", "ours", "warm", "calls"] as const;
const PARTS = ["manifest", "search", "program", "result", "retries"] as const;

/** The report as lines for a person. */
export function printReport({ machine, versions, tasks, total, ms }: TasksReport): string {
  const { node, "word vectors": wordVectors = "none", ...servers } = versions;
  const head = [...COLUMNS, "saved", "| manifest", "search", "program", "result", "retries"];
  const rows = tasks.map((task) => [
    task.id,
    ...COLUMNS.map((key) => figure(task[key])),
    percent(1 - task.ours / task.classicAll),
    `| ${figure(task.breakdown.manifest)}`,
    ...PARTS.slice(1).map((key) => figure(task.breakdown[key])),
    task.correct ? (task.ours > task.classicOwn ? "correct; more than classicOwn" : "correct") : "WRONG",
  ]);
  const sums = [
    "total",
    ...COLUMNS.map((key) => figure(total[key])),
    percent(total.saved),
    ...PARTS.map((key, at) => {
      const sum = figure(tasks.reduce((all, { breakdown }) => all + breakdown[key], 0));
      return at === 0 ? `| ${sum}` : sum;
    }),
    total.correct ? "all correct" : "not all correct",
  ];
  const problems = tasks.flatMap(({ id, problems }) => problems.map((problem) => `${id}: ${problem}`));
  return [
    "o200k_base tokens of each task; the parts behind the bar are those of ours",
    "",
    ...[["task", ...head], ...rows, sums].map(line),
    "",
    ...problems,
    `ours against all ten servers' definitions: ${percent(total.saved)} fewer, warm ${percent(total.warmSaved)}; against the task's own servers ${percent(total.savedOwn)}`,
    `${(ms.all / 1_000).toFixed(1)} s, of which ${(ms.start / 1_000).toFixed(1)} s until the servers were connected; of tasks in ms: ${tasks.map(({ id, ms }) => `${id} ${ms}`).join(", ")}`,
    `machine: ${machine.cores} x ${machine.cpu}, ${machine.memoryGb} GB, ${machine.os}, Node ${node}; word vectors: ${wordVectors}`,
    `servers: ${Object.entries(servers)
      .map(([name, version]) => `${name}@${version}`)
      .join(", ")}`,
  ].join("\n");
}

const line = ([first = "", ...cells]: readonly string[]): string =>
  `${first.padEnd(6)}${cells.map((cell, index) => (index < 11 ? cell.padStart(index === 6 ? 12 : 11) : `   ${cell}`)).join("")}`;

const figure = (value: number): string => value.toLocaleString("en-GB");

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
