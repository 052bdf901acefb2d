import type { BenchTask } from "../src/tasks/bench-task.ts";

export const T09: BenchTask = {
  id: "T09",
  servers: ["git"],
  request: ({ fixtures: { repository } }) =>
    `How many of the last 200 commits of the git repository ${repository} did each author make in each month (as 2026-01, in UTC)?`,
  searches: ["git log of commits with author and date"],
  probes: ({ fixtures: { repository } }) => [
    {
      // Seconds, or milliseconds?
      code: `return (await git.git_log({ path: ${JSON.stringify(repository)}, maxCount: 1 })).commits[0].timestamp;`,
      tools: ["git.git_log"],
    },
  ],
  program: ({ fixtures: { repository } }) =>
    `
const { commits } = await git.git_log({ path: ${JSON.stringify(repository)}, maxCount: 200 });
const counts: Record<string, Record<string, number>> = {};
for (const { author, timestamp } of commits) {
  const month = new Date(timestamp * 1000).toISOString().slice(0, 7);
  const months = (counts[author] ??= {});
  months[month] = (months[month] ?? 0) + 1;
}
return counts;
`.trim(),
  expected: ({ fixtures: { commits } }) => {
    const counts: Record<string, Record<string, number>> = {};
    for (const { author, time } of commits.slice(0, 200)) {
      const day = new Date(time * 1_000);
      const month = `${day.getUTCFullYear()}-${String(day.getUTCMonth() + 1).padStart(2, "0")}`;
      const months = (counts[author] ??= {});
      months[month] = (months[month] ?? 0) + 1;
    }
    return counts;
  },
};
