import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";

const BY_TYPE: Readonly<Record<string, JsonValue>> = {
  string: "",
  number: 0,
  integer: 0,
  boolean: false,
  array: [],
  object: {},
};

/**
 * What a call that is only planned gives: the emptiest value of its result's type as declared, else as `learned`, else an empty object. A program that uses
 * it goes astray, which only makes the plan shorter.
 */
export function plannedValue(outputSchema: JsonObject | undefined, learned?: JsonValue): JsonValue {
  const type = outputSchema?.["type"];
  return structuredClone((typeof type === "string" ? BY_TYPE[type] : undefined) ?? learned ?? {});
}
