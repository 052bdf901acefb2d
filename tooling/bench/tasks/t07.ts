import type { BenchTask } from "../src/tasks/bench-task.ts";

export const T07: BenchTask = {
  id: "T07",
  servers: ["git"],
  request: ({ fixtures: { repository } }) =>
    `Which five files did most of the last 100 commits of the git repository ${repository} change? With their counts, same count by name.`,
  searches: ["git log of commits with the files they changed"],
  probes: ({ fixtures: { repository } }) => [
    {
      code: `return (await git.git_log({ path: ${JSON.stringify(repository)}, maxCount: 1, stat: true })).commits[0].stat;`,
      tools: ["git.git_log"],
    },
  ],
  program: ({ fixtures: { repository } }) =>
    `
const { commits } = await git.git_log({ path: ${JSON.stringify(repository)}, maxCount: 100, stat: true });
const counts: Record<string, number> = {};
for (const { stat = "" } of commits) {
  for (const [, file] of stat.matchAll(/^\\s*(\\S+)\\s+\\|/gm)) counts[file] = (counts[file] ?? 0) + 1;
}
return Object.entries(counts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, 5);
`.trim(),
  expected: ({ fixtures: { commits } }) => {
    const counts = new Map<string, number>();
    for (const file of commits.slice(0, 100).flatMap(({ files }) => files)) {
      counts.set(file, (counts.get(file) ?? 0) + 1);
    }
    const byName = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return byName.toSorted(([, m], [, n]) => n - m).slice(0, 5);
  },
};
