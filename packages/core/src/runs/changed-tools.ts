import type { LoggedRun } from "@mcp-optimizer/contracts";
import type { Catalogue } from "../catalogue/catalogue.ts";

/** Tools that a run wrote with, or may have, and that are gone or otherwise by now: each with what became of it. */
export function changedTools({ calls }: LoggedRun, catalogue: Catalogue): string[] {
  const hashes = new Map(catalogue.tools.map(({ path, hash }) => [path, hash]));
  const writes = calls.filter(({ effect, outcome }) => effect !== "read" && outcome.state !== "failed");
  const changes = writes.flatMap(({ tool, toolHash }) => {
    const hash = hashes.get(tool);
    if (hash === toolHash) return [];
    return [`${tool} ${hash === undefined ? "is gone" : "has changed"}`];
  });
  return [...new Set(changes)];
}
