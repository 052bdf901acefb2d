import type { AnyNode, MemberExpression } from "acorn";
import { keyOf } from "./binding-value.ts";
import type { ProgramText } from "./program-text.ts";

const PROMISE_MEMBERS = new Set(["then", "catch", "finally"]);
const ARITHMETIC = /^(\+|-|\*|\/|%|\*\*|<|>|<=|>=)$/;
/** Functions of globals that make nothing sensible of a promise. */
const TAKE_VALUES: Readonly<Record<string, RegExp>> = {
  JSON: /^(stringify|parse)$/,
  Object: /^(keys|values|entries|fromEntries)$/,
  Array: /^from$/,
};

/** Whether an expression stands where a promise is of no use, whatever it promises. */
export function needsValue(node: AnyNode, text: ProgramText): boolean {
  const parent = text.parent(node);
  switch (parent?.type) {
    case "MemberExpression":
      return parent.object === node && !isPromiseMember(parent);
    case "ForOfStatement":
      return parent.right === node;
    case "SpreadElement":
    case "TemplateLiteral":
      return true;
    case "BinaryExpression":
      return ARITHMETIC.test(parent.operator) || isFresh(node);
    case "UnaryExpression":
      return parent.operator === "!" && isFresh(node);
    case "IfStatement":
    case "ConditionalExpression":
    case "WhileStatement":
      return parent.test === node && isFresh(node);
    case "VariableDeclarator":
      return parent.init === node && parent.id.type !== "Identifier";
    case "CallExpression":
      return parent.arguments[0] === node && takesValue(parent.callee, text);
    default:
      return false;
  }
}

/** A promise that was just made is always there, and equals no other. */
const isFresh = (node: AnyNode): boolean => node.type === "CallExpression";

/** What a program may read of a promise; of a name that is not to be seen, nothing is said. */
function isPromiseMember({ computed, property }: MemberExpression): boolean {
  if (computed) return property.type !== "Literal" || PROMISE_MEMBERS.has(String(property.value));
  return property.type !== "Identifier" || PROMISE_MEMBERS.has(property.name);
}

function takesValue(callee: AnyNode, text: ProgramText): boolean {
  if (callee.type === "Identifier") {
    return /^(String|Number|parseInt|parseFloat)$/.test(callee.name) && text.variable(callee) === undefined;
  }
  if (callee.type !== "MemberExpression" || callee.computed) return false;
  if (callee.object.type === "Literal" && "regex" in callee.object) {
    return /^(exec|test)$/.test(keyOf(callee.property) ?? "");
  }
  if (callee.object.type !== "Identifier") return false;
  if (text.variable(callee.object) !== undefined) return false;
  return TAKE_VALUES[callee.object.name]?.test(keyOf(callee.property) ?? "") ?? false;
}
