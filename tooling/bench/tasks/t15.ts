import type { BenchTask } from "../src/tasks/bench-task.ts";

const CITIES = ["New York", "Chicago", "Los Angeles"];

export const T15: BenchTask = {
  id: "T15",
  servers: ["everything"],
  request: () =>
    `Which of the cities ${CITIES.join(", ")} is the warmest now, by the weather tool, and how warm?`,
  searches: ["weather of a city"],
  probes: () => [],
  program: () =>
    `
const cities = ["New York", "Chicago", "Los Angeles"];
const all = await Promise.all(cities.map(async (location) => ({ location, ...(await everything.getStructuredContent({ location })) })));
const { location, temperature } = all.sort((a, b) => b.temperature - a.temperature)[0];
return { location, temperature };
`.trim(),
  expected: async ({ call }) => {
    let warmest = { location: "", temperature: -Infinity };
    for (const location of CITIES) {
      const { structuredContent } = await call("everything", "get-structured-content", { location });
      const { temperature } = structuredContent as { temperature: number };
      if (temperature > warmest.temperature) warmest = { location, temperature };
    }
    return warmest;
  },
};
