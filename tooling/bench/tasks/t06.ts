import { isDeepStrictEqual } from "node:util";
import type { BenchTask, Situation } from "../src/tasks/bench-task.ts";
import { storedItems, type StoredItem } from "../src/tasks/stored-items.ts";

interface BestCustomer {
  readonly name: string;
  readonly city: string;
  readonly cents: number;
}

const best = ({ fixtures: { shop } }: Situation): BestCustomer[] => {
  const sums = new Map<number, number>();
  for (const { customerId, status, total } of shop.orders) {
    if (status !== "cancelled") sums.set(customerId, (sums.get(customerId) ?? 0) + total);
  }
  const all = shop.customers.map(({ id, name, city }) => ({ name, city, cents: sums.get(id) ?? 0 }));
  return all.toSorted((a, b) => b.cents - a.cents).slice(0, 20);
};

export const T06: BenchTask = {
  id: "T06",
  servers: ["sqlite", "memory"],
  request: () =>
    "Put the 20 customers with the highest revenue, without cancelled orders, into memory: entities of type customer, named by the customer, " +
    'with the observation "revenue <cents>", each with a relation lives_in to the city\'s name. In SQLite: customers(id, name, city), ' +
    "orders(id, customer_id, created_at, status, total_cents). Tell me how many entities and relations there are, and the best customer.",
  searches: ["run a SELECT query in sqlite; create entities in memory; create relations in memory"],
  probes: () => [
    {
      code: 'return await sqlite.read_query({ query: "SELECT name, city FROM customers LIMIT 1" });',
      tools: ["sqlite.read_query"],
    },
  ],
  program: () =>
    `
const rows = await sqlite.read_query({ query: \`SELECT name, city, SUM(total_cents) AS cents FROM orders JOIN customers c ON c.id = customer_id
WHERE status <> 'cancelled' GROUP BY c.id ORDER BY cents DESC LIMIT 20\` });
const { entities } = await memory.create_entities({
  entities: rows.map(({ name, cents }) => ({ name, entityType: "customer", observations: [\`revenue \${cents}\`] })),
});
const { relations } = await memory.create_relations({
  relations: rows.map(({ name, city }) => ({ from: name, to: city, relationType: "lives_in" })),
});
return { entities: entities.length, relations: relations.length, best: rows[0].name };
`.trim(),
  expected: (situation) => ({ entities: 20, relations: 20, best: best(situation)[0]!.name }),
  problem: async (situation) => {
    const expected = best(situation).flatMap(({ name, city, cents }): StoredItem[] => [
      { type: "entity", name, entityType: "customer", observations: [`revenue ${cents}`] },
      { type: "relation", from: name, to: city, relationType: "lives_in" },
    ]);
    const stored = await storedItems(situation.memoryFile);
    const missing = expected.filter((item) => !stored.some((other) => isDeepStrictEqual(item, other)));
    return missing.length === 0 && stored.length === 40 ? undefined : "the graph is another one";
  },
};
