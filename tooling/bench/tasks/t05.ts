import type { BenchTask } from "../src/tasks/bench-task.ts";

export const T05: BenchTask = {
  id: "T05",
  servers: ["sqlite"],
  request: () =>
    "What was the revenue of each month, without cancelled orders? In SQLite: orders(id, customer_id, created_at, status, total_cents), " +
    "days as 2025-01-31. As month (2025-01) and cents.",
  searches: ["run a SELECT query in sqlite"],
  // The rows are the answer as they come.
  probes: () => [],
  program: () =>
    `
return await sqlite.read_query({ query: \`SELECT substr(created_at, 1, 7) AS month, SUM(total_cents) AS cents
FROM orders WHERE status <> 'cancelled' GROUP BY month ORDER BY month\` });
`.trim(),
  expected: ({ fixtures: { shop } }) => {
    const sums = new Map<string, number>();
    for (const { day, status, total } of shop.orders) {
      const month = day.slice(0, 7);
      if (status !== "cancelled") sums.set(month, (sums.get(month) ?? 0) + total);
    }
    return [...sums].map(([month, cents]) => ({ month, cents }));
  },
};
