import type { JsonValue } from "@mcp-optimizer/contracts";
import type { Pattern } from "../grep/compile-pattern.ts";

/** A path into a JSON value: RFC 9535 without most of its functions. */
export interface JsonPath {
  /** `$` begins at the value, `@` at what a filter looks at. */
  readonly from: "$" | "@";
  readonly segments: readonly Segment[];
}

/** A step of a path. */
export interface Segment {
  /** It is taken from every place below too. */
  readonly deep: boolean;
  readonly selectors: readonly Selector[];
}

/** What a step takes. */
export type Selector =
  | { readonly take: "name"; readonly name: string }
  | { readonly take: "index"; readonly index: number }
  | { readonly take: "slice"; readonly from?: number; readonly to?: number; readonly step: number }
  | { readonly take: "all" }
  | { readonly take: "filter"; readonly test: Test };

/** A condition of a filter. */
export type Test =
  | { readonly is: "or" | "and"; readonly tests: readonly Test[] }
  | { readonly is: "not"; readonly test: Test }
  | { readonly is: "there"; readonly path: JsonPath }
  | { readonly is: "compared"; readonly by: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly is: "found"; readonly in: Operand; readonly pattern: Pattern };

/** How two operands are compared. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** A side of a comparison. */
export type Operand =
  | { readonly kind: "literal"; readonly value: JsonValue }
  | { readonly kind: "path"; readonly path: JsonPath }
  | { readonly kind: "length"; readonly of: Operand };
