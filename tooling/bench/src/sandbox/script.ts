/** What the three host calls of the script answer. */
export function answer(id: number): { id: number; name: string } {
  return { id, name: `part ${id}` };
}

/** The part of the script that computes: 200 rows, sorted, and a JSON value out. */
const COMPUTE = `
  const rows = [];
  for (let i = 0; i < 200; i++) {
    rows.push({ id: i, score: (i * 7919) % 1009, part: parts[i % 3].name });
  }
  rows.sort((a, b) => a.score - b.score);
  return { first: rows.slice(0, 10), count: rows.length, sum: rows.reduce((sum, row) => sum + row.score, 0) };
`;

/** Three host calls at once. Where a contestant's calls block, `SEQUENTIAL` stands for it. */
export const PARALLEL = `
  const parts = await Promise.all([host.part({ id: 1 }), host.part({ id: 2 }), host.part({ id: 3 })]);
  ${COMPUTE}`;

/** The same with calls one after another, for a sandbox that offers no other. */
export const SEQUENTIAL = `
  const parts = [host.part({ id: 1 }), host.part({ id: 2 }), host.part({ id: 3 })];
  ${COMPUTE}`;

/** What every contestant must give. */
export const EXPECTED_SUM: number = Array.from({ length: 200 }, (_, i) => (i * 7919) % 1009).reduce(
  (sum, score) => sum + score,
  0,
);

/** Throws when a value is not what the script returns. */
export function check(value: unknown): void {
  const { sum, first } = value as { sum: number; first: { part: string }[] };
  if (sum !== EXPECTED_SUM || first.length !== 10 || !first[0]!.part.startsWith("part ")) {
    throw new Error(`The script gave a wrong value: ${JSON.stringify(value)}`);
  }
}
