import type { KnownValue, ToolNames } from "./program-trace.ts";

/** What an expression stands for, as far as a reader of the text can tell. */
export type TracedValue =
  | KnownValue
  /** A free name: perhaps a server. */
  | { readonly kind: "global"; readonly name: string }
  | { readonly kind: "tool"; readonly tool: ToolNames }
  /** A call of a tool; `use` is its place among the uses. */
  | { readonly kind: "promise"; readonly use: number }
  | { readonly kind: "result"; readonly use: number; readonly path: readonly string[] }
  /** `Promise.all` of a list. */
  | { readonly kind: "promises"; readonly items: readonly TracedValue[] }
  /** What that list gives. */
  | { readonly kind: "results"; readonly items: readonly TracedValue[] };

/** Nothing is known. */
export const UNKNOWN: KnownValue = { kind: "unknown" };

/** One of several values; unknown when any of them is. */
export function oneOf(values: readonly TracedValue[]): TracedValue {
  const first = values[0];
  if (first === undefined) return UNKNOWN;
  if (values.length === 1) return first;
  const known: KnownValue[] = [];
  for (const value of values) {
    if (!isKnown(value) || value.kind === "unknown") return UNKNOWN;
    if (value.kind === "oneOf") known.push(...value.values);
    else known.push(value);
  }
  return { kind: "oneOf", values: known };
}

/** The value, when it is plain data. */
export function plain(value: TracedValue): KnownValue {
  return isKnown(value) ? value : UNKNOWN;
}

/** The texts that a value may be; undefined when it may be anything else. */
export function textsOf(value: TracedValue): string[] | undefined {
  if (value.kind === "literal") return [String(value.value)];
  if (value.kind !== "oneOf") return undefined;
  const texts = value.values.map(textsOf);
  return texts.every((text) => text !== undefined) ? texts.flat() : undefined;
}

function isKnown(value: TracedValue): value is KnownValue {
  return (
    value.kind === "unknown" ||
    value.kind === "absent" ||
    value.kind === "literal" ||
    value.kind === "object" ||
    value.kind === "array" ||
    value.kind === "oneOf" ||
    value.kind === "parameter" ||
    value.kind === "some"
  );
}
