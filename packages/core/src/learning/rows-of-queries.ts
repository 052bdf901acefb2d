import type { ToolDefinition } from "@mcp-optimizer/contracts";
import { asMap, joinShapes } from "./merge-shapes.ts";
import type { ObjectShape, Shape } from "./shape.ts";

/** What a column of a row may hold. */
const COLUMN: Shape = { null: true, boolean: true, number: true, string: true };

/** Whether a tool takes SQL: the columns of its rows are what each query asks for, and say nothing of the next. */
export function takesSql({ description = "", inputSchema }: ToolDefinition): boolean {
  const names = Object.keys(inputSchema["properties"] ?? {});
  return names.includes("sql") || (/\bSQL\b|\bSELECT\b/u.test(description ?? "") && names.includes("query"));
}

/** A shape whose lists of objects are rows: their columns are data. */
export function rowsOfQueries(shape: Shape): Shape {
  const { items, object, parsed } = shape;
  return {
    ...shape,
    ...(items && {
      items: items.object ? { ...items, object: rowShape(items.object) } : rowsOfQueries(items),
    }),
    ...(object && { object: withRows(object) }),
    ...(parsed && { parsed: rowsOfQueries(parsed) }),
  };
}

function rowShape(row: ObjectShape): ObjectShape {
  const { rest = COLUMN } = asMap(row);
  return { properties: new Map(), rest: joinShapes(rest, COLUMN) };
}

function withRows({ properties, rest }: ObjectShape): ObjectShape {
  const members = [...properties].map(
    ([name, member]) => [name, { ...member, shape: rowsOfQueries(member.shape) }] as const,
  );
  return { properties: new Map(members), ...(rest && { rest: rowsOfQueries(rest) }) };
}
