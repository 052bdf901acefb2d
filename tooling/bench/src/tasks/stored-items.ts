import { readFile } from "node:fs/promises";

/** An entity or a relation as the memory server keeps it. */
export type StoredItem =
  | {
      readonly type: "entity";
      readonly name: string;
      readonly entityType: string;
      readonly observations: readonly string[];
    }
  | { readonly type: "relation"; readonly from: string; readonly to: string; readonly relationType: string };

/** Reads the memory server's file. */
export async function storedItems(memoryFile: string): Promise<StoredItem[]> {
  const lines = (await readFile(memoryFile, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as StoredItem);
}
