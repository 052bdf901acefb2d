/** Programs that are right, by the task that they do. None may have a finding. */
export const RIGHT_PROGRAMS: Readonly<Record<string, string>> = {
  "large files to entities": `
const { content } = await filesystem.search_files({ path: "/data", pattern: "**/*" });
const files = content.split("\\n").filter((line) => line.trim() !== "");
const infos = await Promise.all(files.map(async (path) => ({ path, info: await filesystem.get_file_info({ path }) })));
const large = infos.filter(({ info }) => Number(/size: (\\d+)/.exec(info.content)?.[1] ?? 0) > 10_240);
await memory.create_entities({
  entities: large.map(({ path }) => ({ name: path, entityType: "file", observations: ["larger than 10 kB"] })),
});
return { files: files.length, large: large.length };`,
  "errors per service": `
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
  "monthly revenue": `
const rows = await sqlite.read_query({ query: "SELECT strftime('%Y-%m', at) AS month, SUM(amount) AS revenue FROM orders GROUP BY month" });
return rows;`,
  "customers to graph": `
const customers: any = await sqlite.read_query({ query: \`SELECT id, name FROM customers ORDER BY spent DESC LIMIT \${20}\` });
const entities = [];
for (const customer of customers) entities.push({ name: customer.name, entityType: "customer", observations: [] });
const made = await memory.create_entities({ entities });
await memory.create_relations({ relations: customers.map((c) => ({ from: c.name, to: "shop", relationType: "buys from" })) });
return made.entities.length;`,
  "hot files of commits": `
const log = await git.git_log({ maxCount: 100, stat: true });
const counts = new Map<string, number>();
for (const commit of log.commits) {
  const shown = await git.git_show({ object: commit.hash, stat: true });
  for (const [, file] of JSON.stringify(shown).matchAll(/(\\S+)\\s+\\|/g)) counts.set(file, (counts.get(file) ?? 0) + 1);
}
return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 10);`,
  "commits per author and month": `
const { commits } = await git.git_log({ maxCount: 200 });
const table = {};
commits.forEach((c) => {
  const key = c.author + " " + String(c.timestamp).slice(0, 7);
  table[key] = (table[key] || 0) + 1;
});
table.total = commits.length;
return table;`,
  "chained sums": `
let total = 0;
for (let i = 1; i <= 20; i++) {
  const text = await everything.getSum({ a: total, b: i });
  total = Number(/is (\\d+)/.exec(text)[1]);
}
return total;`,
  "weather of three cities": `
const cities = ["New York", "Chicago", "Los Angeles"] as const;
const all = await Promise.all(cities.map((location) => everything.getStructuredContent({ location })));
return all.map(({ temperature, conditions }, i) => [cities[i], temperature, conditions]);`,
  "cache rows": `
const rows = await tools.call("sqlite.read_query", { query: "SELECT * FROM t LIMIT 30" }) as any[];
await Promise.all(rows.map((row) => redis.set({ key: "row:" + row.id, value: JSON.stringify(row), expireSeconds: 60 })));
let same = 0;
for (const row of rows) if (await redis.get({ key: \`row:\${row.id}\` }) === JSON.stringify(row)) same += 1;
return { same, of: rows.length };`,
  "a table to a file": `
await playwright.browser_navigate({ url: "http://localhost/stock" });
const snapshot = await playwright.browser_snapshot({});
const low = String(snapshot).split("\\n").filter((l) => /stock: [0-4]\\b/.test(l));
await filesystem.write_file({ path: "/out/low.csv", content: low.join("\\n") });
return low.length;`,
  "arguments built step by step": `
const args = {};
args.path = "/data";
args.pattern = "*.ts";
const found = await filesystem.search_files(args);
const list: { path?: string } = {};
Object.assign(list, { path: "/data" });
await filesystem.list_directory(list);
return found.content;`,
  "one of two tools": `
const kinds = ["git_status", "git_diff"] as const;
const out = {};
for (const kind of kinds) out[kind] = await git[kind]({});
return out;`,
  "optional arguments": `
const branch = input_branch();
function input_branch() { return undefined; }
const more = { maxCount: 5, ...(branch && { branch }) };
return (await git.git_log(more)).commits?.length ?? 0;`,
  "aliases and destructuring": `
const g = git;
const { git_log, git_status } = g;
const [log, status] = await Promise.all([git_log({ maxCount: 1 }), git_status({})]);
return { hash: log.commits[0]?.hash, branch: status.currentBranch };`,
  "then and catch": `
return git.git_status().then((status) => status.currentBranch).catch(() => undefined);`,
  "fire now, wait later": `
const first = git.git_log({ maxCount: 1 });
const second = filesystem.list_directory({ path: "." });
const results = await Promise.allSettled([first, second]);
console.log(results.map((r) => r.status));
return (await first).commits;`,
  "own helpers": `
async function read(path: string, head?: number) {
  const { content } = await filesystem.read_text_file({ path, head });
  return content;
}
const parts = await Promise.all(["a", "b"].map((p) => read(p)));
return parts.join("");`,
  "globals of the guest": `
const url = new URL("https://example.org/a?b=c");
const bytes = new TextEncoder().encode(url.search);
const id = crypto.randomUUID();
await new Promise((done) => setTimeout(done, 1));
return { bytes: bytes.length, id: typeof id, now: typeof process === "undefined" ? Date.now() : 0, outline: outline([1]) };`,
  "an own property on a result": `
const graph = await memory.read_graph({});
graph.fetchedAt = Date.now();
return { at: graph.fetchedAt, count: graph.entities.length };`,
  "a cast": `
const sum = (await everything.getSum({ a: 1, b: 2 })) as unknown as { text: string };
const info = await git.git_status({}) as any;
return [sum.text, info.somethingNew];`,
  reassigned: `
let args: any = { path: "x" };
if (Date.now() > 0) args = { path: "y", content: "z" };
await filesystem.write_file(args);
return "done";`,
  "names of tools in other spellings": `
const a = await everything["get-sum"]({ a: 1, b: 2 });
const b = await tools.call("everything__echo", { message: "x" });
return [a, b];`,
  "classes and closures": `
class Walker {
  files = [];
  async walk(path) {
    const { content } = await filesystem.list_directory({ path });
    for (const line of content.split("\\n")) {
      if (line.startsWith("[DIR]")) await this.walk(path + "/" + line.slice(6));
      else this.files.push(line.slice(7));
    }
    return this;
  }
}
return (await new Walker().walk("/data")).files.length;`,
  "enumeration and search": `
const found = await tools.search("read a file");
return { names: Object.keys(git).slice(0, 3), found };`,
  "a value with a default": `
const { commits = [] , missing = 3 } = await git.git_log({ maxCount: 2 });
return commits.length + missing;`,
  "a list that grows": `
const paths = ["/a"];
paths.push("/b");
return (await filesystem.read_multiple_files({ paths })).content;`,
};
