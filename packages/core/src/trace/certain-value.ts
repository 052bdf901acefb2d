import type { KnownValue } from "./program-trace.ts";
import { UNKNOWN } from "./traced-value.ts";

/** A value without those parameters that the program itself may have changed. */
export function certainValue(value: KnownValue, isDoubtful: (name: string) => boolean): KnownValue {
  const certain = (part: KnownValue): KnownValue => certainValue(part, isDoubtful);
  switch (value.kind) {
    case "parameter":
      return value.path.some(isDoubtful) ? UNKNOWN : value;
    case "object":
      return {
        ...value,
        properties: value.properties.map(([name, own]) => [name, certain(own)] as const),
      };
    case "array":
      return { ...value, items: value.items.map(certain) };
    case "oneOf":
      return { ...value, values: value.values.map(certain) };
    default:
      return value;
  }
}
