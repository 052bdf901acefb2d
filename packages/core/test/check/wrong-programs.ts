/** A program with one planted fault: where it is, and a word of what the finding must say. */
export interface WrongProgram {
  readonly code: string;
  readonly line: number;
  readonly says: RegExp;
}

const wrong = (line: number, says: RegExp, code: string): WrongProgram => ({ code, line, says });

/** Faults as models make them. */
export const WRONG_PROGRAMS: readonly WrongProgram[] = [
  // Names of tools.
  wrong(1, /no tool `git.show_log`/, `return await git.show_log({ maxCount: 3 });`),
  wrong(1, /read_text_file|read_file/, `return await filesystem.readTextFile2({ path: "a" });`),
  wrong(2, /search_nodes/, `const q = "x";\nreturn await memory.search_node_by({ query: q });`),
  wrong(1, /list_tables/, `const t = await sqlite.listTable({});\nreturn t;`),
  wrong(1, /read_query/, `return await tools.call("sqlite.query_read", { query: "select 1" });`),
  wrong(
    3,
    /no tool `git.state_now`/,
    `const { git_log } = git;\nawait git_log({});\nreturn await git.state_now({});`,
  ),
  wrong(2, /create_entities/, `const entities = [];\nreturn memory.add_entities({ entities });`),
  wrong(1, /browser_navigate/, `await playwright.goto_navigate({ url: "http://x" });`),
  wrong(1, /get/, `return await redis.getKey({ key: "a" });`),
  wrong(1, /list_directory/, `return (await filesystem.listdir({ path: "." })).content;`),
  // Names of servers and globals.
  wrong(1, /`git`|git/, `return await Git.git_log({});`),
  wrong(1, /filesystem/, `return await fileSystem.read_file({ path: "x" });`),
  wrong(1, /not defined/, `return await fs.readFile("x");`),
  wrong(1, /not defined/, `const x = require("fs");\nreturn x;`),
  wrong(1, /not defined/, `return await sqllite.list_tables({});`),
  wrong(2, /not defined/, `const rows = [1];\nreturn row.length;`),
  wrong(1, /not defined/, `return process.env.HOME;`),
  wrong(2, /not defined/, `const total = 1;\nreturn totl + 1;`),
  wrong(1, /not defined/, `return await fetch("http://x");`),
  wrong(1, /memory/, `return await memories.read_graph({});`),
  // Missing arguments.
  wrong(1, /path.*missing/, `return await filesystem.read_text_file({});`),
  wrong(1, /path.*missing/, `return await filesystem.read_text_file();`),
  wrong(1, /content.*missing/, `return await filesystem.write_file({ path: "x" });`),
  wrong(1, /query.*missing/, `return await sqlite.read_query({});`),
  wrong(2, /destination.*missing/, `const source = "a";\nawait filesystem.move_file({ source });\nreturn 1;`),
  wrong(1, /`b`.*missing/, `return await everything.getSum({ a: 1 });`),
  wrong(
    1,
    /entityType.*missing/,
    `return await memory.create_entities({ entities: [{ name: "a", observations: [] }] });`,
  ),
  wrong(1, /message.*missing/, `return await git.git_commit({ amend: true });`),
  wrong(1, /value.*missing/, `await Promise.all([redis.set({ key: "a" }), redis.get({ key: "b" })]);`),
  wrong(1, /query.*missing/, `return await tools.call("sqlite.read_query");`),
  // Unknown arguments.
  wrong(1, /maxCount/, `return await git.git_log({ max_count: 3 });`),
  wrong(1, /maxCount/, `return await git.git_log({ maxcount: 3 });`),
  wrong(1, /query/, `return await sqlite.read_query({ sql: "select 1" });`),
  wrong(1, /path/, `return await filesystem.read_text_file({ file: "x" });`),
  wrong(2, /table_name/, `const t = "orders";\nreturn await sqlite.describe_table({ table: t });`),
  wrong(1, /pattern/, `return await filesystem.search_files({ path: ".", glob: "*" });`),
  wrong(2, /names/, `const n = ["a"];\nreturn await memory.open_nodes({ name: n });`),
  wrong(1, /expireSeconds/, `return await redis.set({ key: "a", value: "b", expire: 5 });`),
  wrong(
    2,
    /newName|does not exist/,
    `const args = { mode: "rename", newname: "x" };\nreturn await git.git_remote(args);`,
  ),
  wrong(1, /does not exist/, `return await git.git_diff({ commit: "HEAD" });`),
  // Types.
  wrong(1, /maxCount.*integer/, `return await git.git_log({ maxCount: "10" });`),
  wrong(1, /path.*string/, `return await filesystem.read_text_file({ path: 5 });`),
  wrong(1, /paths.*array/, `return await filesystem.read_multiple_files({ paths: "a.txt" });`),
  wrong(1, /`a`.*number/, `return await everything.getSum({ a: "1", b: 2 });`),
  wrong(1, /one of/, `return await everything.getStructuredContent({ location: "Paris" });`),
  wrong(1, /one of/, `return await filesystem.list_directory_with_sizes({ path: ".", sortBy: "date" });`),
  wrong(
    1,
    /observations.*array/,
    `return await memory.create_entities({ entities: [{ name: "a", entityType: "b", observations: "c" }] });`,
  ),
  wrong(1, /accept.*boolean/, `return await playwright.browser_handle_dialog({ accept: "yes" });`),
  wrong(2, /maxCount.*integer/, `const maxCount = "5";\nreturn await git.git_log({ maxCount });`),
  wrong(1, /value.*string/, `return await redis.set({ key: "a", value: { b: 1 } });`),
  wrong(1, /one object/, `return await filesystem.read_text_file("a.txt");`),
  wrong(1, /one object/, `return await git.git_log(10);`),
  wrong(1, /one object/, `return await sqlite.read_query(\`select 1\`);`),
  // Forgotten await.
  wrong(2, /await/, `const log = git.git_log({ maxCount: 2 });\nreturn log.commits.length;`),
  wrong(1, /await/, `return git.git_status({}).currentBranch;`),
  wrong(1, /await/, `const { commits } = git.git_log({});\nreturn commits;`),
  wrong(
    2,
    /await/,
    `const text = filesystem.read_text_file({ path: "a" });\nreturn text.content.split("\\n");`,
  ),
  wrong(1, /await/, `memory.create_entities({ entities: [] });\nreturn "ok";`),
  wrong(
    2,
    /await/,
    `const path = "x";\nfilesystem.write_file({ path, content: "" });\nconsole.log("written");\nreturn 1;`,
  ),
  // Results.
  wrong(2, /has no/, `const graph = await memory.read_graph({});\nreturn graph.nodes.length;`),
  wrong(1, /has no/, `return (await filesystem.read_text_file({ path: "a" })).text;`),
  wrong(1, /has no/, `const { lines } = await filesystem.read_text_file({ path: "a" });\nreturn lines;`),
  wrong(2, /has no/, `const made = await memory.create_entities({ entities: [] });\nreturn made.created;`),
  // Where a value is needed.
  wrong(
    2,
    /await/,
    `const rows = sqlite.read_query({ query: "select 1" });\nfor (const row of rows) console.log(row);`,
  ),
  wrong(1, /await/, `return [...filesystem.list_directory({ path: "." })];`),
  wrong(1, /await/, "return `sum: ${everything.getSum({ a: 1, b: 2 })}`;"),
  wrong(1, /await/, `return everything.getSum({ a: 1, b: 2 }) + 1;`),
  wrong(1, /await/, `return JSON.stringify(git.git_status({}));`),
  wrong(2, /await/, `const rows = sqlite.list_tables();\nreturn rows[0];`),
  wrong(1, /await/, `if (redis.get({ key: "a" }) === "b") return 1;\nreturn 2;`),
  wrong(1, /await/, `if (!redis.get({ key: "a" })) return 1;\nreturn 2;`),
  wrong(1, /await/, `const [first] = sqlite.read_query({ query: "select 1" });\nreturn first;`),
  // Other ways to write a call.
  wrong(1, /git_log/, `return await (git as any).git_loog({});`),
  wrong(2, /git_log/, `enum Kind { A }\nreturn [Kind.A, await git.git_loog({})];`),
  wrong(1, /maxCount/, `return await git?.git_log?.({ max: 1 });`),
  wrong(1, /read_query/, `return await tools["call"]("sqlite.query_read", { query: "select 1" });`),
  wrong(2, /query.*missing/, `const { call } = tools;\nreturn await call("sqlite.read_query", {});`),
  wrong(2, /path.*missing/, `const read = filesystem.read_text_file;\nreturn await read({});`),
  wrong(
    2,
    /entityType.*missing/,
    `const entity = { name: "a", observations: [] };\nreturn await memory.create_entities({ entities: [entity] });`,
  ),
];
