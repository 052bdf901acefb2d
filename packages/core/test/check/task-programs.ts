/**
 * The tasks of the research page on real servers, T00 to T20, each done by a program as a model writes it. That page names eleven of
 * them; the others are after the fixtures that it lists and what it says of each. None may have a finding.
 */
export const TASK_PROGRAMS: Readonly<Record<string, string>> = {
  "T00 one echo": `
return await everything.echo({ message: "hello" });`,
  "T01 large files to entities": `
const { content } = await filesystem.search_files({ path: "/data", pattern: "**/*" });
const files = content.split("\\n").filter((line) => line.trim() !== "");
const infos = await Promise.all(files.map(async (path) => ({ path, info: await filesystem.get_file_info({ path }) })));
const large = infos.filter(({ info }) => Number(/size: (\\d+)/.exec(info.content)?.[1] ?? 0) > 10_240);
await memory.create_entities({
  entities: large.map(({ path }) => ({ name: path, entityType: "file", observations: ["larger than 10 kB"] })),
});
return { files: files.length, large: large.length };`,
  "T02 a summary of a tree": `
const { content } = await filesystem.directory_tree({ path: "/data", excludePatterns: ["node_modules"] });
type Entry = { name: string; type: "file" | "directory"; children?: Entry[] };
const counts: Record<string, number> = {};
const walk = (entries: Entry[]): void => {
  for (const { name, type, children } of entries) {
    if (type === "directory") walk(children ?? []);
    else {
      const extension = name.slice(name.lastIndexOf("."));
      counts[extension] = (counts[extension] ?? 0) + 1;
    }
  }
};
walk(JSON.parse(content) as Entry[]);
return Object.entries(counts).sort(([, a], [, b]) => b - a).slice(0, 10);`,
  "T03 errors per service": `
const names: string[] = ["a.log", "b.log", "c.log"];
const perService: Record<string, number> = {};
for (const name of names) {
  const text = (await filesystem.read_text_file({ path: \`/logs/\${name}\` })).content;
  for (const line of text.split("\\n")) {
    const match = /ERROR \\[(\\w+)\\]/.exec(line);
    if (match) perService[match[1]!] = (perService[match[1]!] ?? 0) + 1;
  }
}
perService`,
  "T04 revenue of a CSV file": `
const file = await filesystem.read_text_file({ path: "/data/orders.csv" });
const [head, ...lines] = file.content.trim().split(/\\r?\\n/);
const columns = head.split(",");
const amount = columns.indexOf("amount"), region = columns.indexOf("region");
const sums = new Map();
for (const line of lines) {
  const cells = line.split(",");
  sums.set(cells[region], (sums.get(cells[region]) ?? 0) + parseFloat(cells[amount]));
}
return Object.fromEntries([...sums].map(([name, sum]) => [name, Math.round(sum * 100) / 100]));`,
  "T05 monthly revenue": `
const rows = await sqlite.read_query({ query: "SELECT strftime('%Y-%m', at) AS month, SUM(amount) AS revenue FROM orders GROUP BY month" });
return rows;`,
  "T06 customers to graph": `
const customers: any = await sqlite.read_query({ query: \`SELECT id, name FROM customers ORDER BY spent DESC LIMIT \${20}\` });
const entities = [];
for (const customer of customers) entities.push({ name: customer.name, entityType: "customer", observations: [] });
const made = await memory.create_entities({ entities });
await memory.create_relations({ relations: customers.map((c) => ({ from: c.name, to: "shop", relationType: "buys from" })) });
return made.entities.length;`,
  "T07 hot files of commits": `
const log = await git.git_log({ maxCount: 100, stat: true });
const counts = new Map<string, number>();
for (const commit of log.commits) {
  const shown = await git.git_show({ object: commit.hash, stat: true });
  for (const [, file] of JSON.stringify(shown).matchAll(/(\\S+)\\s+\\|/g)) counts.set(file, (counts.get(file) ?? 0) + 1);
}
return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 10);`,
  "T08 files that two branches changed": `
const changed = async (source: string) => {
  const { diff } = await git.git_diff({ source, target: "main", nameOnly: true });
  return new Set(diff.split("\\n").filter(Boolean));
};
const [ours, theirs] = await Promise.all(["feature/a", "feature/b"].map(changed));
return [...ours].filter((file) => theirs.has(file));`,
  "T09 commits per author and month": `
const { commits } = await git.git_log({ maxCount: 200 });
const table = {};
commits.forEach((c) => {
  const key = c.author + " " + String(c.timestamp).slice(0, 7);
  table[key] = (table[key] || 0) + 1;
});
table.total = commits.length;
return table;`,
  "T10 who wrote a file": `
await git.git_set_working_dir({ path: "/repo" });
const owners: { [author: string]: number } = {};
for (const filePath of ["src/index.ts", "README.md"]) {
  const blame = await git.git_blame({ filePath, ignoreWhitespace: true });
  if (blame.lines.length < blame.totalLines) console.warn(filePath, "is cut");
  for (const { author } of blame.lines) owners[author] = (owners[author] ?? 0) + 1;
}
return owners;`,
  "T11 a table to a file": `
await playwright.browser_navigate({ url: "http://localhost/stock" });
const snapshot = await playwright.browser_snapshot({});
const low = String(snapshot).split("\\n").filter((l) => /stock: [0-4]\\b/.test(l));
await filesystem.write_file({ path: "/out/low.csv", content: low.join("\\n") });
return low.length;`,
  "T12 links of five pages": `
const pages = [1, 2, 3, 4, 5].map((n) => \`http://localhost:8080/page-\${n}.html\`);
const broken: string[] = [];
for (const url of pages) {
  await playwright.browser_navigate({ url });
  const answer = await playwright.browser_evaluate({ function: "() => [...document.links].map((a) => a.href)" });
  const links = /\\[[\\s\\S]*?\\]/.exec(String(answer));
  for (const link of links ? JSON.parse(links[0]) : []) if (!pages.includes(link)) broken.push(link);
}
return { pages: pages.length, broken };`,
  "T13 a form is filled": `
await playwright.browser_navigate({ url: "http://localhost:8080/form.html" });
const page = String(await playwright.browser_snapshot({}));
const ref = (label: string) => new RegExp(\`\${label}.*\\\\[ref=(\\\\w+)\\\\]\`).exec(page)?.[1] ?? "";
const values = { Name: "Ada", City: "London" };
await playwright.browser_fill_form({
  fields: Object.entries(values).map(([name, value]) => ({ name, value, type: "textbox" as const, target: ref(name) })),
});
await playwright.browser_click({ target: ref("Send"), element: "the button" });
return /Thank you, (\\w+)/.exec(String(await playwright.browser_snapshot({})))?.[1];`,
  "T14 chained sums": `
let total = 0;
for (let i = 1; i <= 20; i++) {
  const text = await everything.getSum({ a: total, b: i });
  total = Number(/is (\\d+)/.exec(text)[1]);
}
return total;`,
  "T15 weather of three cities": `
const cities = ["New York", "Chicago", "Los Angeles"] as const;
const all = await Promise.all(cities.map((location) => everything.getStructuredContent({ location })));
return all.map(({ temperature, conditions }, i) => [cities[i], temperature, conditions]);`,
  "T16 cache rows": `
const rows = await tools.call("sqlite.read_query", { query: "SELECT * FROM t LIMIT 30" }) as any[];
await Promise.all(rows.map((row) => redis.set({ key: "row:" + row.id, value: JSON.stringify(row), expireSeconds: 60 })));
let same = 0;
for (const row of rows) if (await redis.get({ key: \`row:\${row.id}\` }) === JSON.stringify(row)) same += 1;
return { same, of: rows.length };`,
  "T17 two databases compared": `
const sql = "SELECT id, status, amount FROM orders ORDER BY id";
const [left, right] = await Promise.all([sqlite.read_query({ query: sql }), postgres.query({ sql })]);
const byId = new Map(right.map((row) => [row.id, row]));
const differences = [];
for (const row of left) {
  const other = byId.get(row.id);
  if (!other) differences.push({ id: row.id, missing: true });
  else if (other.status !== row.status || Number(other.amount) !== row.amount) differences.push({ id: row.id, row, other });
}
return differences;`,
  "T18 tables described": `
const tables = await sqlite.list_tables();
const described = await Promise.all(
  tables.map(async ({ name }) => [name, await sqlite.describe_table({ table_name: name })]),
);
await memory.create_entities({
  entities: described.map(([name, columns]) => ({
    name,
    entityType: "table",
    observations: columns.map((column) => \`\${column.name} \${column.type}\`),
  })),
});
return Object.fromEntries(described);`,
  "T19 issues with their last event": `
const { organizations } = await sentry.find_organizations({});
const organizationSlug = organizations[0].slug;
const found = await sentry.search_issues({ organizationSlug, query: "is:unresolved level:error", sort: "freq", limit: 5 });
const ids = [...new Set([...String(found).matchAll(/[A-Z]+-[0-9A-Z]+/g)].map(([id]) => id))];
const details = await Promise.allSettled(
  ids.map((resourceId) => sentry.get_sentry_resource({ resourceType: "issue", resourceId, organizationSlug })),
);
return ids.map((id, index) => {
  const detail = details[index];
  return { id, culprit: detail.status === "fulfilled" ? /Culprit: (.*)/.exec(String(detail.value))?.[1] : String(detail.reason) };
});`,
  "T20 stale issues are closed": `
const organizationSlug = "acme";
const text = String(await sentry.search_issues({ organizationSlug, query: "is:unresolved lastSeen:+30d", limit: 100 }));
const closed: string[] = [], failed: string[] = [];
for (const [, issueId] of text.matchAll(/Issue ID\\W+([A-Z]+-\\w+)/g)) {
  try {
    await sentry.update_issue({ organizationSlug, issueId, status: "ignored", ignoreMode: "untilEscalating" });
    closed.push(issueId);
  } catch (error) {
    failed.push(\`\${issueId}: \${error.message}\`);
  }
}
await filesystem.write_file({ path: "/out/closed.json", content: JSON.stringify({ closed, failed }, null, 2) });
return { closed: closed.length, failed };`,
};
