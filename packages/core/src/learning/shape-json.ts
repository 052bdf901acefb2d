import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import { PARSED_KINDS, type TextFormat } from "../formats/text-format.ts";
import { ANYTHING, type ObjectShape, type PropertyShape, type Shape } from "./shape.ts";

const KINDS = ["null", "boolean", "number", "string"] as const;

/** A shape as JSON, to be stored. */
export function encodeShape({ any, text, parsed, items, object, ...kinds }: Shape): JsonObject {
  if (any === true) return { any };
  return {
    ...(Object.keys(kinds).length > 0 && { kinds: KINDS.filter((kind) => kinds[kind]) }),
    ...(text && { text: { kind: text.kind, sample: text.sample } }),
    ...(parsed && { parsed: encodeShape(parsed) }),
    ...(items && { items: encodeShape(items) }),
    ...(object && {
      // A list, since a name may be `__proto__`.
      properties: [...object.properties].map(([name, { shape, optional }]) => [
        name,
        encodeShape(shape),
        ...(optional ? [true] : []),
      ]),
      ...(object.rest && { rest: encodeShape(object.rest) }),
    }),
  };
}

/** The shape that was stored; undefined when it is none, as of another version or a file that somebody has changed. */
export function decodeShape(json: JsonValue | undefined, depth: number = 0): Shape | undefined {
  if (!isObject(json) || depth > 40) return undefined;
  const { any, kinds = [], text, parsed, items, properties, rest } = json;
  if (any === true) return ANYTHING;
  if (!Array.isArray(kinds) || !kinds.every((kind) => KINDS.some((known) => known === kind)))
    return undefined;
  const inner = (part: JsonValue | undefined): Shape | undefined => decodeShape(part, depth + 1);
  const ofParsed = inner(parsed);
  const [ofText, ofItems, object] = [textOf(text), inner(items), objectOf(properties, rest, inner)];
  const lost =
    (text !== undefined && ofText === undefined) ||
    (items !== undefined && ofItems === undefined) ||
    (properties !== undefined && object === undefined);
  if (lost) return undefined;
  return {
    ...(Object.fromEntries(kinds.map((kind) => [kind, true])) as Shape),
    ...(ofText && { text: ofText }),
    ...(ofParsed && { parsed: ofParsed }),
    ...(ofItems && { items: ofItems }),
    ...(object && { object }),
  };
}

function objectOf(
  properties: JsonValue | undefined,
  rest: JsonValue | undefined,
  inner: (part: JsonValue | undefined) => Shape | undefined,
): ObjectShape | undefined {
  if (!Array.isArray(properties)) return undefined;
  const members = new Map<string, PropertyShape>();
  for (const entry of properties) {
    if (!Array.isArray(entry) || typeof entry[0] !== "string") return undefined;
    const shape = inner(entry[1]);
    if (shape === undefined) return undefined;
    members.set(entry[0], { shape, optional: entry[2] === true });
  }
  const others = rest === undefined ? undefined : inner(rest);
  if (rest !== undefined && others === undefined) return undefined;
  return { properties: members, ...(others && { rest: others }) };
}

function textOf(json: JsonValue | undefined): TextFormat | undefined {
  if (!isObject(json)) return undefined;
  const { kind, sample } = json;
  if (typeof sample !== "string") return undefined;
  const known = [...PARSED_KINDS, "text" as const].find((one) => one === kind);
  return known === undefined ? undefined : { kind: known, sample };
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
