import type { AnyNode, MemberExpression } from "acorn";
import { keyOf } from "./binding-value.ts";
import type { ProgramText } from "./program-text.ts";

/** Functions that write properties whose names are not always to be seen. */
const WRITERS = /^(assign|defineProperty|defineProperties|set|setPrototypeOf)$/;

/** Names of properties whose absence from a schema is no mistake. */
export interface DoubtfulNames {
  /** The program writes such a property somewhere, or may. */
  isWritten(name: string): boolean;
  /** The program asks somewhere whether it is there. */
  isAsked(name: string): boolean;
}

/** Reads a program for {@link DoubtfulNames}. */
export function doubtfulNames(text: ProgramText): DoubtfulNames {
  const written = new Set<string>();
  const asked = new Set<string>();
  let any = false;
  const write = (name: string | undefined): void => {
    if (name === undefined) any = true;
    else written.add(name);
  };
  for (const node of text.nodes) {
    if (node.type === "MemberExpression") {
      const name = nameOf(node);
      if (isTarget(node, text)) {
        if (name !== undefined || !isOwn(node.object, text)) write(name);
      } else if (name !== undefined && isAsked(node, text)) asked.add(name);
    }
    if (node.type === "BinaryExpression" && node.operator === "in" && node.left.type === "Literal") {
      asked.add(String(node.left.value));
    }
    if (node.type === "CallExpression") for (const name of writtenBy(node)) write(name);
  }
  return { isWritten: (name) => any || written.has(name), isAsked: (name) => asked.has(name) };
}

/** Whether an expression is a variable for an object or list that the program itself makes. */
function isOwn(node: AnyNode, text: ProgramText): boolean {
  if (node.type !== "Identifier") return false;
  const definitions = text.variable(node)?.defs ?? [];
  return definitions.some(({ type, node: declared }) => {
    const init = type === "Variable" ? (declared as unknown as { init?: AnyNode | null }).init : undefined;
    return /^(Object|Array|New)Expression$/.test(init?.type ?? "");
  });
}

/** Whether something is assigned to a member: plainly, in a pattern, or by a loop. */
function isTarget(node: MemberExpression, text: ProgramText): boolean {
  const parent = text.parent(node);
  switch (parent?.type) {
    case "AssignmentExpression":
    case "AssignmentPattern":
    case "ForOfStatement":
      return parent.left === node;
    case "UpdateExpression":
    case "ArrayPattern":
    case "RestElement":
      return true;
    case "Property":
      return text.parent(parent)?.type === "ObjectPattern" && parent.value === node;
    default:
      return false;
  }
}

/** Whether the program goes on when there is nothing. */
function isAsked(node: MemberExpression, text: ProgramText): boolean {
  const parent = text.parent(node);
  switch (parent?.type) {
    case "LogicalExpression":
    case "ConditionalExpression":
    case "IfStatement":
    case "ChainExpression":
      return true;
    case "MemberExpression":
      return parent.object === node && parent.optional;
    case "UnaryExpression":
      return parent.operator === "typeof" || parent.operator === "!";
    case "BinaryExpression":
      return /^[!=]==?$/.test(parent.operator);
    default:
      return false;
  }
}

function* writtenBy({
  callee,
  arguments: args,
}: AnyNode & { type: "CallExpression" }): Generator<string | undefined> {
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return;
  if (!/^(Object|Reflect)$/.test(callee.object.name) || !WRITERS.test(keyOf(callee.property) ?? "")) return;
  const [, second, ...others] = args;
  if (second?.type === "Literal") {
    yield String(second.value);
    return;
  }
  for (const source of [second, ...others]) {
    if (source?.type !== "ObjectExpression") {
      yield undefined;
      continue;
    }
    for (const property of source.properties) {
      yield property.type === "Property" && !property.computed ? keyOf(property.key) : undefined;
    }
  }
}

const nameOf = (node: MemberExpression): string | undefined =>
  node.computed ? textOf(node.property) : keyOf(node.property);

const textOf = (node: AnyNode): string | undefined =>
  node.type === "Literal" ? String(node.value) : undefined;
