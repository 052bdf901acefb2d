import type { BenchTask } from "../src/tasks/bench-task.ts";

export const T03: BenchTask = {
  id: "T03",
  servers: ["filesystem"],
  request: ({ fixtures: { logsFolder } }) =>
    `How many lines of level ERROR has each service in ${logsFolder}/day-1.log to day-5.log?`,
  searches: ["read a text file"],
  probes: ({ fixtures: { logsFolder } }) => [
    {
      code: `return await filesystem.read_text_file({ path: ${JSON.stringify(`${logsFolder}/day-1.log`)}, head: 2 });`,
      tools: [],
    },
  ],
  program: ({ fixtures: { logsFolder } }) =>
    `
const counts: Record<string, number> = {};
for (let day = 1; day <= 5; day++) {
  const { content } = await filesystem.read_text_file({ path: \`${logsFolder}/day-\${day}.log\` });
  for (const [, service] of content.matchAll(/^\\S+ ERROR \\[(\\w+)\\]/gm)) counts[service] = (counts[service] ?? 0) + 1;
}
return counts;
`.trim(),
  expected: ({ fixtures }) => ({ ...fixtures.errors }),
};
