import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ToolDefinition } from "@mcp-optimizer/contracts";
import { buildCatalogue } from "../src/catalogue/build-catalogue.ts";
import type { Catalogue } from "../src/catalogue/catalogue.ts";

const shared = process.env["MCP_OPTIMIZER_SHARED"] ?? join(import.meta.dirname, "../../../../shared");
const folder = join(shared, "corpus");

/** Whether the recorded tool lists of real servers are there. */
export const hasCorpus: boolean = existsSync(folder);

/** The catalogue of all real servers whose tool lists were recorded, or of these. */
export function readCorpus(servers?: readonly string[]): Catalogue {
  return buildCatalogue(
    readdirSync(folder)
      .filter((file) => file.endsWith(".json") && servers?.includes(file.slice(0, -".json".length)) !== false)
      .map((file) => {
        const { tools } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { tools: ToolDefinition[] };
        return { name: file.slice(0, -".json".length), status: { state: "ready" }, tools };
      }),
  );
}
