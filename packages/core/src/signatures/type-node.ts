/** What is said of a property beside its type. */
export interface PropertyDoc {
  /** The server's text, made safe for a comment; empty when there is none. */
  readonly description: string;
  /** Bounds, format, pattern and the like, each a few words safe for a comment. */
  readonly facts: readonly string[];
  /** The default as JSON text safe for a comment. */
  readonly fallback: string | undefined;
}

/** A property of an object type. */
export interface TypeProperty {
  readonly name: string;
  readonly type: TypeNode;
  readonly optional: boolean;
  readonly doc: PropertyDoc;
}

/** A type with properties, an index signature, or both. */
export interface ObjectNode {
  readonly kind: "object";
  readonly properties: readonly TypeProperty[];
  /** Type of all other properties, where the schema tells it. */
  readonly rest?: TypeNode | undefined;
  /** What else is required, safe for a comment. */
  readonly note?: string | undefined;
}

/** A list whose first items have types of their own. */
export interface TupleNode {
  readonly kind: "tuple";
  readonly items: readonly TypeNode[];
  /** How many of them must be there. */
  readonly required: number;
  /** Type of further items; absent when there are none. */
  readonly rest?: TypeNode | undefined;
}

/** A subschema that `$ref` points at. Its type is converted when first read, so that it may refer to itself. */
export interface NamedType {
  /** A legal identifier, not unique. */
  readonly name: string;
  readonly type: TypeNode;
}

/** A TypeScript type as a tree: what a JSON Schema says, ready to print in any length. */
export type TypeNode =
  /** A keyword or literal, with a comment that is safe to print. */
  | { readonly kind: "text"; readonly text: string; readonly note?: string | undefined }
  | { readonly kind: "array"; readonly items: TypeNode }
  | TupleNode
  | ObjectNode
  /** `omitted` further members are not kept. */
  | { readonly kind: "union"; readonly members: readonly TypeNode[]; readonly omitted?: number | undefined }
  | { readonly kind: "intersection"; readonly members: readonly TypeNode[] }
  | { readonly kind: "named"; readonly named: NamedType };

/** The type of anything. */
export const UNKNOWN: TypeNode = { kind: "text", text: "unknown" };
/** The type of nothing. */
export const NEVER: TypeNode = { kind: "text", text: "never" };

/** Whether a type is exactly the given keyword. */
export function isKeyword(node: TypeNode, keyword: string): boolean {
  return node.kind === "text" && node.text === keyword;
}
