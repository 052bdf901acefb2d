import type { JsonObject, JsonValue, ToolDefinition } from "@mcp-optimizer/contracts";
import type { KnownOutput } from "../signatures/known-output.ts";
import { schemaType } from "../signatures/schema-type.ts";
import { isKeyword, type ObjectNode, type TypeNode } from "../signatures/type-node.ts";
import { contradictsSchema } from "./contradicts-schema.ts";
import { mergeShapes } from "./merge-shapes.ts";
import { decodeShape, encodeShape } from "./shape-json.ts";
import { shapeType, textNote, withFormat } from "./shape-type.ts";
import type { Shape } from "./shape.ts";

/** The type of a tool's results, as far as results have told. Holds no value of them. */
export interface LearnedOutput {
  /** Results that it was learned of. */
  readonly seen: number;
  readonly shape: Shape;
}

/** What both know together. */
export function mergeOutputs(a: LearnedOutput, b: LearnedOutput): LearnedOutput {
  return { seen: a.seen + b.seen, shape: mergeShapes(a.shape, b.shape) };
}

/** What is known, as JSON to be stored. */
export const encodeOutput = ({ shape }: LearnedOutput): JsonObject => ({
  version: 1,
  shape: encodeShape(shape),
});

/** What was stored; undefined where it cannot be read. */
export function decodeOutput(seen: number, json: JsonValue): LearnedOutput | undefined {
  if (json === null || typeof json !== "object" || Array.isArray(json) || json["version"] !== 1)
    return undefined;
  const shape = decodeShape(json["shape"]);
  return shape && { seen, shape };
}

/** Whether results are not what the tool's server declares. */
export const isContradiction = ({ outputSchema }: ToolDefinition, { shape }: LearnedOutput): boolean =>
  outputSchema !== undefined && outputSchema !== null && contradictsSchema(outputSchema, shape);

/**
 * What a signature says of it: the learned type where the server declares none, or another one than it gives; the declared type, with the
 * format of its only text, where that is known; undefined where nothing is to be added.
 */
export function knownOutput(definition: ToolDefinition, learned: LearnedOutput): KnownOutput | undefined {
  const { outputSchema } = definition;
  const { seen, shape } = learned;
  if (outputSchema && !isContradiction(definition, learned)) return declaredText(outputSchema, shape);
  const type = shapeType(shape);
  const format = textNote(shape);
  const otherwise = outputSchema ? "; declared otherwise" : "";
  return { type, note: `seen ${seen}×${otherwise}${format === "" ? "" : `: ${format}`}` };
}

/** The declared type, with the format of the text that is its only member. */
function declaredText(outputSchema: JsonObject, { object }: Shape): KnownOutput | undefined {
  const [[name, member] = [], ...others] = [...(object?.properties ?? [])];
  if (name === undefined || member?.shape.text === undefined || others.length > 0) return undefined;
  const declared = schemaType(outputSchema);
  if (declared.kind !== "object") return undefined;
  const type: ObjectNode = {
    ...declared,
    properties: declared.properties.map((property) =>
      property.name === name ? { ...property, type: noted(property.type, member.shape) } : property,
    ),
  };
  return { type, note: "" };
}

const noted = (type: TypeNode, shape: Shape): TypeNode =>
  isKeyword(type, "string") ? withFormat(type, shape) : type;
