/** Programs that are right, each in its own way of writing. None may have a finding. */
export const RIGHT_PROGRAMS: Readonly<Record<string, string>> = {
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
  "a property that may be missing": `
const graph = await memory.read_graph({});
const nodes = graph.nodes ?? graph.entities;
if ("extra" in graph) console.log(graph.extra);
return graph.others?.length ?? nodes.length;`,
  "a promise with a note": `
const log = git.git_log({ maxCount: 1 });
log.startedAt = Date.now();
return { commits: (await log).totalCount, startedAt: log.startedAt };`,
  "the class of an error": `
try {
  return await git.git_show({ object: "HEAD~1000" });
} catch (error) {
  return error.constructor.name + ": " + error.message;
}`,
  "elements that grow": `
const entities = [{ name: "a", entityType: "b" }, { name: "c", entityType: "d" }];
for (const entity of entities) entity.observations = ["seen"];
const copies = entities.map((entity) => ({ ...entity }));
return await memory.create_entities({ entities: copies.length > 0 ? entities : [] });`,
  "a cached call": `
const calls = {};
const once = (path) => (calls[path] ??= filesystem.read_text_file({ path }));
const [a, b] = await Promise.all([once("x"), once("x")]);
return a.content === b.content;`,
};
