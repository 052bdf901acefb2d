import type { AnyNode, Program } from "acorn";
import { fullAncestor } from "acorn-walk";
import type { SourcePosition } from "@mcp-optimizer/contracts";
import { analyze, type Reference, type Variable } from "eslint-scope";

/** A parsed program with the relations between its parts. */
export interface ProgramText {
  /** Every node, parents before children. */
  readonly nodes: readonly AnyNode[];
  parent(node: AnyNode): AnyNode | undefined;
  /** The variable that an identifier means; undefined for a free name, and for an identifier that is no reference. */
  variable(identifier: AnyNode): Variable | undefined;
  isReference(identifier: AnyNode): boolean;
  /** Whether an identifier is a variable's own name where it gets its first value. */
  isInitialised(identifier: AnyNode): boolean;
  /** The variables that a declaration, or a function's parameters, make. */
  declared(node: AnyNode): readonly Variable[];
  /** References that no declaration answers. */
  readonly free: readonly Reference[];
  /** Whether types stood between two offsets, or right after one, before they were taken out. */
  hadTypes(from: number, to?: number): boolean;
  position(node: AnyNode): SourcePosition;
}

/** What a text consists of. */
export interface ProgramTextOptions {
  /** Parsed with `ranges`. */
  readonly ast: Program;
  /** The text that was parsed. */
  readonly code: string;
  /** The same text before its types were taken out. */
  readonly typed: string;
  /** Lines to add to a line of `code` to get the user's. */
  readonly lineShift: number;
}

/** Relates the nodes of a program to each other, to its variables and to the user's text. */
export function readProgramText({ ast, code, typed, lineShift }: ProgramTextOptions): ProgramText {
  const parents = new Map<AnyNode, AnyNode>();
  const nodes: AnyNode[] = [];
  fullAncestor(ast, (node, _state, ancestors) => {
    const parent = ancestors.at(-2);
    if (parent !== undefined && parent !== node) parents.set(node, parent);
    nodes.push(node);
  });
  nodes.sort((a, b) => a.start - b.start || b.end - a.end);

  const manager = analyze(ast as never, { ecmaVersion: 2025, sourceType: "script" });
  const references = new Map<unknown, Reference>();
  for (const scope of manager.scopes) {
    for (const reference of scope.references) references.set(reference.identifier, reference);
  }
  const lines = lineStarts(code);
  const sameOffsets = typed.length === code.length;
  return {
    nodes,
    parent: (node) => parents.get(node),
    variable: (identifier) => references.get(identifier)?.resolved ?? undefined,
    isReference: (identifier) => references.has(identifier),
    isInitialised: (identifier) => references.get(identifier)?.init === true,
    declared: (node) => manager.getDeclaredVariables(node as never),
    free: manager.globalScope?.through ?? [],
    hadTypes(from, to) {
      if (!sameOffsets) return true;
      let end = to ?? from;
      if (to === undefined) while (end < code.length && /\s/.test(code[end]!)) end++;
      return typed.slice(from, end) !== code.slice(from, end);
    },
    position(node) {
      const line = lineAt(lines, node.start);
      return { line: line + 1 + lineShift, column: node.start - lines[line]! + 1 };
    },
  };
}

/** Offsets at which lines begin. */
function lineStarts(code: string): number[] {
  return [
    0,
    ...Array.from(code.matchAll(/\r\n|[\n\r\u2028\u2029]/g), ({ 0: end, index }) => index + end.length),
  ];
}

/** The line of an offset, from 0. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
