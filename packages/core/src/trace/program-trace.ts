import type { SourcePosition } from "@mcp-optimizer/contracts";

/** What is known of a value before a program runs; plain data. */
export type KnownValue =
  | { readonly kind: "unknown" }
  /** `undefined`, or nothing at all. */
  | { readonly kind: "absent" }
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  /** `open`: it may have more properties. */
  | {
      readonly kind: "object";
      readonly properties: readonly (readonly [name: string, value: KnownValue])[];
      readonly open: boolean;
    }
  /** `open`: it may have more items. */
  | { readonly kind: "array"; readonly items: readonly KnownValue[]; readonly open: boolean }
  | { readonly kind: "oneOf"; readonly values: readonly KnownValue[] }
  /** What the program is given as `params`, or a part of it. */
  | { readonly kind: "parameter"; readonly path: readonly string[] }
  /** Any value of a type. */
  | { readonly kind: "some"; readonly type: "string" | "number" | "boolean" };

/** Which tools a place in a program may mean. */
export interface ToolNames {
  /** The global that stands for the server; absent for `tools.call`. */
  readonly server?: string;
  /** The names, as they are written; absent when any may be meant. */
  readonly names?: readonly string[];
}

/** A place at which a program calls a tool, or takes hold of it. */
export interface ToolUse extends ToolNames {
  readonly position: SourcePosition;
  /** Absent when the tool is not called there. */
  readonly args?: KnownValue;
  /** More arguments than one, but for the options of `tools.call`. */
  readonly extraArguments: boolean;
  /** The call stands alone, and nothing waits for it. */
  readonly floating: boolean;
}

/** A property that is read of a tool's result. */
export interface ResultRead {
  /** Index in `uses`. */
  readonly use: number;
  /** Names from the result on; {@link ITEM} is an element of a list. */
  readonly path: readonly string[];
  readonly position: SourcePosition;
}

/** A property that is read of the program's parameters. */
export interface ParameterRead {
  /** Names from `params` on; {@link ITEM} is an element of a list. */
  readonly path: readonly string[];
  readonly position: SourcePosition;
}

/** A place at which the value of a call is needed, and nothing awaited it. */
export interface UnawaitedRead {
  /** Index in `uses`. */
  readonly use: number;
  readonly position: SourcePosition;
}

/** A name that the program takes from outside. */
export interface FreeName {
  readonly name: string;
  readonly position: SourcePosition;
}

/** What a program says about itself before it runs; plain data. Globals are not told apart yet: any may be a server. */
export interface ProgramTrace {
  readonly uses: readonly ToolUse[];
  readonly reads: readonly ResultRead[];
  readonly unawaited: readonly UnawaitedRead[];
  readonly parameters: readonly ParameterRead[];
  /** Once each, at its first place. Names that are only asked for by `typeof` are left out. */
  readonly freeNames: readonly FreeName[];
  /** Globals that are handed on as a whole; `*` when any may be. */
  readonly escapes: readonly string[];
}

/** The name under which a program finds what it is given. */
export const PARAMETERS = "params";

/** An element of a list, in a path. */
export const ITEM = "[]";
