import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import { closestName } from "../run/closest-name.ts";
import type { KnownValue } from "../trace/program-trace.ts";

/** Schema words that say more than this check understands: what they hold for is left to the check at call time. */
const INVOLVED = ["$ref", "anyOf", "oneOf", "allOf", "not", "if", "$dynamicRef"];
const MOST_CHOICES = 8;

/**
 * Compares what is known of a value with a JSON Schema. Says what must be wrong, one line each; silent about all that is not certain.
 * `where` names the value in the text of a problem.
 */
export function checkValue(value: KnownValue, schema: JsonValue | undefined, where: string): string[] {
  if (!isObject(schema) || INVOLVED.some((word) => Object.hasOwn(schema, word))) return [];
  switch (value.kind) {
    case "unknown":
    case "absent":
    case "parameter":
      return [];
    case "some": {
      const types = typesOf(schema);
      const integer = value.type === "number" && types.includes("integer");
      if (types.length === 0 || types.includes(value.type) || integer) return [];
      return [`${where} is a ${value.type}; it must be ${types.join(" or ")}`];
    }
    case "oneOf": {
      const problems = value.values.map((one) => checkValue(one, schema, where));
      return problems.every((found) => found.length > 0) ? problems[0]! : [];
    }
    case "literal":
      return checkLiteral(value.value, schema, where);
    case "array":
      return checkArray(value, schema, where);
    default:
      return checkObject(value, schema, where);
  }
}

function checkLiteral(value: string | number | boolean | null, schema: JsonObject, where: string): string[] {
  const types = typesOf(schema);
  const own = value === null ? "null" : typeof value;
  const fits =
    types.length === 0 ||
    (value === null && schema["nullable"] === true) ||
    types.includes(own) ||
    (own === "number" && types.includes("integer") && Number.isInteger(value));
  if (!fits) return [`${where} is ${quote(value)}; it must be ${types.join(" or ")}`];
  const choices = Object.hasOwn(schema, "const") ? [schema["const"]] : schema["enum"];
  if (!Array.isArray(choices) || choices.includes(value)) return [];
  const shown = choices.slice(0, MOST_CHOICES).map(quote).join(", ");
  const more = choices.length > MOST_CHOICES ? ` and ${choices.length - MOST_CHOICES} more` : "";
  return [`${where} is ${quote(value)}; it must be one of ${shown}${more}`];
}

function checkArray(value: KnownValue & { kind: "array" }, schema: JsonObject, where: string): string[] {
  const types = typesOf(schema);
  if (types.length > 0 && !types.includes("array"))
    return [`${where} is a list; it must be ${types.join(" or ")}`];
  // Places of their own: `items` speaks of what comes after them.
  if (Object.hasOwn(schema, "prefixItems")) return [];
  return value.items.flatMap((item, index) => checkValue(item, schema["items"], `${where}[${index}]`));
}

function checkObject(value: KnownValue & { kind: "object" }, schema: JsonObject, where: string): string[] {
  const types = typesOf(schema);
  if (types.length > 0 && !types.includes("object")) {
    return [`${where} is an object; it must be ${types.join(" or ")}`];
  }
  const listed = isObject(schema["properties"]) ? schema["properties"] : {};
  const names = Object.keys(listed);
  const given = new Map(value.properties);
  const problems: string[] = [];
  if (names.length > 0 && !welcomesOthers(schema, where === "")) {
    for (const [name, own] of given) {
      if (own.kind === "absent" || Object.hasOwn(listed, name)) continue;
      const meant = closestName(name, names);
      problems.push(
        `${member(where, name)} does not exist${meant === undefined ? "" : `; did you mean ${meant}?`}`,
      );
    }
  }
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  for (const name of value.open ? [] : required) {
    const own = typeof name === "string" ? given.get(name) : undefined;
    if (typeof name === "string" && (own === undefined || own.kind === "absent")) {
      problems.push(`${member(where, name)} is missing`);
    }
  }
  for (const [name, own] of given) {
    if (Object.hasOwn(listed, name)) problems.push(...checkValue(own, listed[name], member(where, name)));
  }
  return problems;
}

/** Arguments are the listed ones, though the schema be silent about others: a call is held to that, too. Deeper down, only what is said counts. */
const welcomesOthers = (schema: JsonObject, outermost: boolean): boolean =>
  (schema["additionalProperties"] ?? !outermost) !== false ||
  ["patternProperties", "propertyNames", "unevaluatedProperties"].some((word) => Object.hasOwn(schema, word));

function typesOf({ type }: JsonObject): string[] {
  const types = Array.isArray(type) ? type : [type];
  return types.filter((one) => typeof one === "string");
}

const member = (where: string, name: string): string => (where === "" ? `\`${name}\`` : `${where}.${name}`);

const quote = (value: JsonValue | undefined): string => (JSON.stringify(value) ?? "undefined").slice(0, 60);

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
