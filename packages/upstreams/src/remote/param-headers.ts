import type { JsonObject, JsonValue, ToolDefinition } from "@mcp-optimizer/contracts";

/** A parameter whose value goes into an HTTP header too. */
interface ParamHeader {
  readonly path: readonly string[];
  readonly name: string;
}

const KEY = "x-mcp-header";
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TYPES: ReadonlySet<unknown> = new Set(["string", "integer", "boolean"]);
/** Where a header declaration makes a tool unusable, because the parameter need not be there. */
const ELSEWHERE = [
  "items",
  "prefixItems",
  "contains",
  "additionalProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
  "propertyNames",
  "patternProperties",
  "dependentSchemas",
  "oneOf",
  "anyOf",
  "allOf",
  "not",
  "if",
  "then",
  "else",
  "$defs",
  "definitions",
];

/**
 * Why a tool cannot be called over HTTP in the revision 2026-07-28: its `x-mcp-header` declarations are not valid.
 * The specification (transports, custom headers from tool parameters) has such tools left out.
 */
export function refusedHeaders(tool: ToolDefinition): string | undefined {
  const found = scan(tool.inputSchema);
  return typeof found === "string" ? found : undefined;
}

/** The `Mcp-Param-…` headers of a call: the declared parameters that have a simple value. */
export function headersOfCall(tool: ToolDefinition, args: JsonObject): Record<string, string> {
  const found = scan(tool.inputSchema);
  if (typeof found === "string") return {};
  return Object.fromEntries(
    found.flatMap(({ path, name }) => {
      const value = path.reduce<JsonValue | undefined>(
        (at, key) => (isObject(at) ? at[key] : undefined),
        args,
      );
      if (typeof value === "object" || value === undefined) return [];
      return [[`Mcp-Param-${name}`, encode(`${value}`)] as const];
    }),
  );
}

/** The declarations of a schema, or what is wrong with one. */
function scan(schema: JsonObject): ParamHeader[] | string {
  const found: ParamHeader[] = [];
  const names = new Set<string>();
  const visit = (
    node: JsonValue | undefined,
    path: readonly string[],
    reachable: boolean,
  ): string | undefined => {
    if (Array.isArray(node))
      return node.map((item) => visit(item, path, false)).find((fault) => fault !== undefined);
    if (!isObject(node)) return undefined;
    const name = node[KEY];
    if (name !== undefined) {
      if (!reachable || path.length === 0) return `${KEY} stands where no fixed parameter is`;
      if (typeof name !== "string" || !TOKEN.test(name))
        return `${KEY} of ${path.join(".")} is no header name`;
      if (!TYPES.has(node["type"]))
        return `${KEY} of ${path.join(".")} needs type string, integer or boolean`;
      if (names.has(name.toLowerCase())) return `${KEY} ${name} is there twice`;
      names.add(name.toLowerCase());
      found.push({ path, name });
    }
    const properties = isObject(node["properties"]) ? Object.entries(node["properties"]) : [];
    for (const [key, child] of properties) {
      const fault = visit(child, [...path, key], reachable);
      if (fault !== undefined) return fault;
    }
    for (const keyword of ELSEWHERE) {
      const child = node[keyword];
      const named =
        isObject(child) &&
        ["patternProperties", "dependentSchemas", "$defs", "definitions"].includes(keyword);
      const fault = visit(named ? (Object.values(child) as JsonValue[]) : child, path, false);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
  return visit(schema, [], true) ?? found;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A header's value: plain where it is printable ASCII without outer spaces, else Base64 in the specification's marks. */
function encode(value: string): string {
  const plain = /^[\x20-\x7e\t]+$/.test(value) && value === value.trim() && !/^=\?base64\?.*\?=$/.test(value);
  return plain ? value : `=?base64?${Buffer.from(value, "utf8").toString("base64")}?=`;
}
