import type { CallPair } from "../call-pair.ts";

const entity = (name: string, ...observations: string[]) => ({ name, entityType: "person", observations });
const knows = (from: string, to: string) => ({ from, to, relationType: "knows" });

export const memoryPairs = (): CallPair[] => [
  {
    tool: "create_entities",
    first: { entities: [entity("Ada", "writes programs"), entity("Ben")] },
    second: { entities: [entity("Ada"), entity("Cleo", "paints", "sings")] },
  },
  {
    tool: "create_relations",
    first: { relations: [knows("Ada", "Ben")] },
    second: { relations: [knows("Ada", "Ben"), knows("Ben", "Cleo")] },
  },
  {
    tool: "add_observations",
    first: { observations: [{ entityName: "Ben", contents: ["cooks"] }] },
    second: { observations: [{ entityName: "Cleo", contents: ["cooks", "paints"] }] },
  },
  { tool: "search_nodes", first: { query: "cooks" }, second: { query: "nobody" } },
  { tool: "open_nodes", first: { names: ["Ada", "Ben"] }, second: { names: ["Nobody"] } },
  {
    tool: "read_graph",
    first: {},
    second: {},
    between: [["create_entities", { entities: [entity("Dora", "dances")] }]],
  },
  {
    tool: "delete_observations",
    first: { deletions: [{ entityName: "Ben", observations: ["cooks"] }] },
    second: { deletions: [{ entityName: "Cleo", observations: ["paints"] }] },
  },
  {
    tool: "delete_relations",
    first: { relations: [knows("Ada", "Ben")] },
    second: { relations: [knows("Ben", "Cleo")] },
  },
  { tool: "delete_entities", first: { entityNames: ["Ben"] }, second: { entityNames: ["Cleo", "Nobody"] } },
];
