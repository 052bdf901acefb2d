import { isDeepStrictEqual } from "node:util";
import type { BenchTask, Situation } from "../src/tasks/bench-task.ts";
import { LARGE_BYTES } from "../src/tasks/fixtures/write-tree.ts";
import { storedItems } from "../src/tasks/stored-items.ts";

const large = ({ fixtures }: Situation): { path: string; bytes: number }[] =>
  fixtures.tree.filter(({ bytes }) => bytes > LARGE_BYTES).toSorted((a, b) => b.bytes - a.bytes);

export const T01: BenchTask = {
  id: "T01",
  servers: ["filesystem", "memory"],
  request: ({ fixtures: { treeFolder } }) =>
    `Store every file of over 10 KB under ${treeFolder} in memory: an entity of type "file", named by its path below that folder, ` +
    "its size as an observation. Then read the graph and tell me how many there are, and the three largest.",
  searches: ["list the files of a folder with sizes; create entities in memory; read the memory graph"],
  probes: ({ fixtures: { treeFolder } }) => [
    {
      code: `return (await filesystem.list_directory_with_sizes({ path: ${JSON.stringify(treeFolder)} })).content.slice(0, 200);`,
      // A learned format says that there is a size, not how it is written.
      tools: [],
    },
  ],
  program: ({ fixtures: { treeFolder } }) =>
    `
const root = ${JSON.stringify(treeFolder)};
const large: { name: string; kb: number }[] = [];
const walk = async (path: string) => {
  const { content } = await filesystem.list_directory_with_sizes({ path });
  for (const line of content.split("\\n")) {
    const [, kind, name, size, unit] = line.match(/^\\[(DIR|FILE)\\] (\\S+)\\s*([\\d.]*) ?(\\w*)/) ?? [];
    if (kind === "DIR") await walk(\`\${path}/\${name}\`);
    if (unit === "KB" && Number(size) > 10) large.push({ name: \`\${path}/\${name}\`.slice(root.length + 1), kb: Number(size) });
  }
};
await walk(root);
await memory.create_entities({
  entities: large.map(({ name, kb }) => ({ name, entityType: "file", observations: [\`\${kb} KB\`] })),
});
const { entities } = await memory.read_graph();
large.sort((a, b) => b.kb - a.kb);
return { stored: entities.length, largest: large.slice(0, 3).map(({ name }) => name) };
`.trim(),
  expected: (situation) => {
    const files = large(situation);
    return { stored: files.length, largest: files.slice(0, 3).map(({ path }) => path) };
  },
  problem: async (situation) => {
    const stored = await storedItems(situation.memoryFile);
    const names = stored.map((item) =>
      item.type === "entity" && item.entityType === "file" ? item.name : "",
    );
    const expected = large(situation).map(({ path }) => path);
    return isDeepStrictEqual(names.toSorted(), expected.toSorted()) ? undefined : "other files were stored";
  },
};
