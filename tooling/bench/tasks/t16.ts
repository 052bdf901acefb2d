import { isDeepStrictEqual } from "node:util";
import type { BenchTask, Situation } from "../src/tasks/bench-task.ts";

const customers = ({ fixtures: { shop } }: Situation): Situation["fixtures"]["shop"]["customers"] =>
  shop.customers.slice(0, 30);

export const T16: BenchTask = {
  id: "T16",
  servers: ["sqlite", "redis"],
  request: () =>
    "Cache the first 30 customers by id in Redis, each as JSON under customer:<id>, then read all back and tell me how many are right. " +
    "In SQLite: customers(id, name, city).",
  searches: ["run a SELECT query in sqlite; set a redis key; get a redis key"],
  probes: () => [
    {
      code: `
const rows = await sqlite.read_query({ query: "SELECT id, name, city FROM customers LIMIT 1" });
const set = await redis.set({ key: "customer:1", value: JSON.stringify(rows) });
return { rows, set, get: await redis.get({ key: "customer:1" }) };
`.trim(),
      tools: ["sqlite.read_query", "redis.set", "redis.get"],
    },
  ],
  program: () =>
    `
const rows = await sqlite.read_query({ query: "SELECT id, name, city FROM customers ORDER BY id LIMIT 30" });
await Promise.all(rows.map((row) => redis.set({ key: \`customer:\${row.id}\`, value: JSON.stringify(row) })));
const back = await Promise.all(rows.map(({ id }) => redis.get({ key: \`customer:\${id}\` })));
return back.filter((value, i) => JSON.stringify(value) === JSON.stringify(rows[i])).length;
`.trim(),
  expected: (situation) => customers(situation).length,
  problem: async (situation) => {
    for (const customer of customers(situation)) {
      const { content } = await situation.call("redis", "get", { key: `customer:${customer.id}` });
      const { text = "null" } = content[0] as { text?: string };
      if (!isDeepStrictEqual(JSON.parse(text), customer)) return `customer:${customer.id} is ${text}`;
    }
    return undefined;
  },
};
