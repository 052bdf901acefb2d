import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import { intersectionOf, isAnyObject, unionOf } from "./combine-types.ts";
import { objectType } from "./object-type.ts";
import { createReferenceResolver } from "./schema-reference.ts";
import { cutText, literalText, safeText } from "./safe-text.ts";
import { isKeyword, NEVER, UNKNOWN, type NamedType, type TypeNode } from "./type-node.ts";

const MOST_NODES = 50_000;
const DEEPEST = 100;
const MOST_VALUES = 200;
const LONGEST_LITERAL = 80;

const keyword = (text: string, note?: string): TypeNode => ({ kind: "text", text, note });
const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The type that a JSON Schema (2020-12, and the older spellings that servers send) describes. Never throws and never fetches: what
 * cannot be told is `unknown`, with a comment where that helps. `not`, `if` and the `dependent…` keywords are not read.
 */
export function schemaType(root: JsonObject): TypeNode {
  const resolve = createReferenceResolver(root);
  const named = new Map<string, NamedType>();
  const targets = new Map<NamedType, () => TypeNode>();
  const names = new Set<string>();
  let nodes = 0;

  const reference = (target: JsonValue | undefined, depth: number): TypeNode => {
    if (typeof target !== "string") return UNKNOWN;
    const found = resolve(target);
    if (found === undefined) {
      return keyword("unknown", cutText(safeText(`$ref ${target} is not in this schema`), 100));
    }
    let type = named.get(found.key);
    if (type === undefined) {
      type = lazily(unusedName(found.name, names), (self) => followed(self, targets));
      targets.set(
        type,
        once(() => convert(found.schema, depth + 1)),
      );
      named.set(found.key, type);
    }
    return { kind: "named", named: type };
  };

  const convert = (schema: JsonValue | undefined, depth: number): TypeNode => {
    if (schema === false) return NEVER;
    if (!isObject(schema)) return UNKNOWN;
    if (++nodes > MOST_NODES || depth > DEEPEST) return keyword("unknown", "the schema is too large");
    const next = (part: JsonValue | undefined): TypeNode => convert(part, depth + 1);
    const parts: TypeNode[] = [];
    for (const name of ["$ref", "$dynamicRef", "$recursiveRef"]) {
      if (schema[name] !== undefined) parts.push(reference(schema[name], depth));
    }
    if ("const" in schema) parts.push(literal(schema["const"]));
    else if (Array.isArray(schema["enum"])) parts.push(oneOfValues(schema["enum"]));
    else parts.push(baseType(schema, next));
    if (Array.isArray(schema["allOf"])) parts.push(...schema["allOf"].map(next));
    for (const name of ["anyOf", "oneOf"]) {
      const any = schema[name];
      if (Array.isArray(any) && any.length > 0) parts.push(alternatives(any, next));
    }
    const type = intersectionOf(parts);
    return schema["nullable"] === true && !isKeyword(type, "unknown")
      ? unionOf([type, keyword("null")])
      : type;
  };
  return convert(root, 0);
}

function lazily(name: string, read: (self: NamedType) => TypeNode): NamedType {
  const self: NamedType = {
    name,
    get type() {
      return type();
    },
  };
  const type = once(() => read(self));
  return self;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What a reference stands for, when references lead to references. Those that only lead to each other stand for anything. */
function followed(first: NamedType, targets: ReadonlyMap<NamedType, () => TypeNode>): TypeNode {
  const seen = new Set([first]);
  let type = targets.get(first)!();
  while (type.kind === "named") {
    if (seen.has(type.named)) return UNKNOWN;
    seen.add(type.named);
    type = targets.get(type.named)!();
  }
  return type;
}

function unusedName(wanted: string, names: Set<string>): string {
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted}${number}`;
  names.add(name);
  return name;
}

function baseType(schema: JsonObject, next: (part: JsonValue | undefined) => TypeNode): TypeNode {
  const { type } = schema;
  if (Array.isArray(type))
    return type.length === 0 ? UNKNOWN : unionOf(type.map((one) => typeOf(one, schema, next)));
  if (typeof type === "string") return typeOf(type, schema, next);
  if (
    ["properties", "additionalProperties", "patternProperties"].some((name) => isObject(schema[name])) ||
    Array.isArray(schema["required"])
  ) {
    return objectType(schema, next);
  }
  if (["items", "prefixItems"].some((name) => typeof schema[name] === "object"))
    return arrayType(schema, next);
  return UNKNOWN;
}

function typeOf(
  type: JsonValue,
  schema: JsonObject,
  next: (part: JsonValue | undefined) => TypeNode,
): TypeNode {
  if (type === "object") return objectType(schema, next);
  if (type === "array") return arrayType(schema, next);
  if (type === "integer") return keyword("number");
  if (type === "string" || type === "number" || type === "boolean" || type === "null") return keyword(type);
  return UNKNOWN;
}

function arrayType(schema: JsonObject, next: (part: JsonValue | undefined) => TypeNode): TypeNode {
  const { items, prefixItems, additionalItems, minItems } = schema;
  const first = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : undefined;
  if (first === undefined || first.length === 0) return { kind: "array", items: next(items) };
  const after = Array.isArray(prefixItems) ? items : additionalItems;
  const required = typeof minItems === "number" ? minItems : Array.isArray(items) ? first.length : 0;
  return { kind: "tuple", items: first.map(next), required, rest: after === false ? undefined : next(after) };
}

/** `anyOf` and `oneOf`. Branches that only require properties restrict nothing that a type can show: they become a comment. */
function alternatives(
  branches: readonly JsonValue[],
  next: (part: JsonValue | undefined) => TypeNode,
): TypeNode {
  if (
    branches.every(
      (branch) =>
        isObject(branch) &&
        Array.isArray(branch["required"]) &&
        !("properties" in branch) &&
        !("$ref" in branch),
    )
  ) {
    const choices = branches.map((branch) => ((branch as JsonObject)["required"] as string[]).join(" + "));
    return { kind: "object", properties: [], note: cutText(safeText(`needs ${choices.join(", or ")}`), 120) };
  }
  const types = branches.map(next);
  return types.some(isAnyObject) && types.every((type) => type.kind === "object")
    ? types.find(isAnyObject)!
    : unionOf(types);
}

function oneOfValues(values: readonly JsonValue[]): TypeNode {
  const kept = unionOf(values.slice(0, MOST_VALUES).map(literal));
  const omitted = values.length - MOST_VALUES;
  return omitted <= 0
    ? kept
    : { kind: "union", members: kept.kind === "union" ? kept.members : [kept], omitted };
}

function literal(value: JsonValue | undefined): TypeNode {
  const text = literalText(value ?? null);
  if (text.length <= LONGEST_LITERAL) return keyword(text);
  const note = cutText(safeText(text), LONGEST_LITERAL);
  return keyword(
    typeof value === "string" ? "string" : typeof value === "number" ? "number" : "unknown",
    note,
  );
}
