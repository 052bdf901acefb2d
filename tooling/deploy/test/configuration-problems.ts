import { readFileSync } from "node:fs";
import { parseConfigDocument } from "@mcp-optimizer/upstreams";
import { Ajv2020 } from "ajv/dist/2020.js";

const SCHEMA = new URL("../../../apps/cli/schema/configuration-v1.json", import.meta.url);

/** What the published schema of configurations finds wrong with a text; empty when nothing is. */
export function configurationProblems(text: string): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  const check = ajv.compile(JSON.parse(readFileSync(SCHEMA, "utf8")) as object);
  check(parseConfigDocument(text, "mcp-optimizer.json").value([]));
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
