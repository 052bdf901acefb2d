import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import { cutText, literalText, safeText } from "./safe-text.ts";
import type { PropertyDoc } from "./type-node.ts";

const NO_DOC: PropertyDoc = { description: "", facts: [], fallback: undefined };

/** Reads what a property's schema says beside its type: description, default, bounds, format, pattern. */
export function propertyDoc(schema: JsonValue | undefined): PropertyDoc {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return { ...NO_DOC };
  const { description, title, default: fallback } = schema;
  return {
    description:
      typeof description === "string"
        ? safeText(description)
        : typeof title === "string"
          ? safeText(title)
          : "",
    facts: schemaFacts(schema),
    fallback: fallback === undefined ? undefined : cutText(safeText(literalText(fallback)), 60),
  };
}

/** Bounds and the like of a schema, and of its items where it is a list, as short phrases safe for a comment. */
function schemaFacts(schema: JsonObject): string[] {
  const facts = [
    range(schema["minimum"], schema["maximum"], ""),
    typeof schema["exclusiveMinimum"] === "number" ? `> ${schema["exclusiveMinimum"]}` : "",
    typeof schema["exclusiveMaximum"] === "number" ? `< ${schema["exclusiveMaximum"]}` : "",
    typeof schema["multipleOf"] === "number" ? `multiple of ${schema["multipleOf"]}` : "",
    range(schema["minLength"], schema["maxLength"], "character"),
    text(schema["format"], (format) => format),
    // The pattern of a known format is noise.
    schema["format"] === undefined ? text(schema["pattern"], (pattern) => `/${pattern}/`) : "",
    range(schema["minItems"], schema["maxItems"], "item"),
    schema["uniqueItems"] === true ? "unique" : "",
    schema["deprecated"] === true ? "deprecated" : "",
  ].filter((fact) => fact !== "");
  const items = schema["items"];
  if (typeof items === "object" && items !== null && !Array.isArray(items)) {
    const each = schemaFacts(items).filter((fact) => fact !== "at least 1 character");
    if (each.length > 0) facts.push(`each ${each.join(", ")}`);
  }
  return facts;
}

function range(
  low: JsonValue | undefined,
  high: JsonValue | undefined,
  unit: "" | "character" | "item",
): string {
  const from = typeof low === "number" && low > Number.MIN_SAFE_INTEGER ? low : undefined;
  const to = typeof high === "number" && high < Number.MAX_SAFE_INTEGER ? high : undefined;
  if (from === undefined && to === undefined) return "";
  const units = unit === "" ? "" : ` ${unit}${(to ?? from) === 1 ? "" : "s"}`;
  if (from === to) return `${from}${units}`;
  if (from === undefined) return `${unit === "" ? "<=" : "at most"} ${to}${units}`;
  if (to === undefined) return `${unit === "" ? ">=" : "at least"} ${from}${units}`;
  return `${from}..${to}${units}`;
}

function text(value: JsonValue | undefined, show: (text: string) => string): string {
  return typeof value === "string" && value !== "" ? cutText(safeText(show(value)), 60) : "";
}
