import type { AnyNode, CallExpression, MemberExpression } from "acorn";
import type { Variable } from "eslint-scope";
import { elementOf, keyOf, memberOf, type ValueOf } from "./binding-value.ts";
import type { ProgramText } from "./program-text.ts";
import { UNKNOWN, type TracedValue } from "./traced-value.ts";

/** Methods of a list that hand each element to their first argument. */
export const EACH: RegExp = /^(map|filter|forEach|find|findLast|findIndex|some|every|flatMap)$/;
/** Methods of a list that leave it as it is, whatever they give of it. */
const READING = /^(slice|join|includes|indexOf|at|concat|entries|keys|values|toSorted|toReversed)$/;
/** Of these, those that give nothing of it. */
const TELLING = /^(join|includes|indexOf|keys)$/;
/** Globals whose functions hand on what they get, or change it. All others get a copy, or only look. */
const KEEPING = new Set(["Object", "Reflect", "Array", "Promise", "Iterator", "Map", "Set", "WeakMap"]);
/** Functions that look at what they get, or copy it. */
const LOOKING = new Set(["String", "Number", "Boolean", "structuredClone", "outline", "encodeURIComponent"]);

/** Tells whether an object or list stays as its declaration made it; when in doubt it does not. */
export class LeftAlone {
  readonly #text: ProgramText;
  readonly #valueOf: ValueOf;
  readonly #asked = new Set<Variable>();

  constructor(text: ProgramText, valueOf: ValueOf) {
    this.#text = text;
    this.#valueOf = valueOf;
  }

  /** Whether nothing changes what a variable holds. */
  variable(variable: Variable, value: TracedValue): boolean {
    if (isFixed(value) || this.#asked.has(variable)) return true;
    this.#asked.add(variable);
    return variable.references.every(
      (reference) => reference.init === true || this.#use(reference.identifier as unknown as AnyNode, value),
    );
  }

  /** Whether nothing changes a value through one place at which it stands. */
  #use(node: AnyNode, value: TracedValue): boolean {
    if (isFixed(value)) return true;
    const parent = this.#text.parent(node);
    switch (parent?.type) {
      case "TemplateLiteral":
      case "BinaryExpression":
      case "IfStatement":
      case "ExpressionStatement":
      case "ForInStatement":
        return true;
      case "UnaryExpression":
        return parent.operator !== "delete";
      case "ConditionalExpression":
        return parent.test === node || this.#use(parent, value);
      case "LogicalExpression":
      case "AwaitExpression":
      case "ChainExpression":
        return this.#use(parent, value);
      case "SpreadElement":
        return isFlat(value) || this.#part(parent);
      case "Property":
      case "ArrayExpression":
        return this.#part(parent);
      case "ReturnStatement":
        return this.#isOutermost(parent);
      case "ForOfStatement":
        return parent.right === node && this.#elements(parent.left, value);
      case "CallExpression":
        return parent.callee !== node && this.#argument(parent, value);
      case "VariableDeclarator":
        return parent.init === node && this.#declared(parent, parent.id.type === "Identifier", value);
      case "MemberExpression":
        return parent.object === node ? this.#member(parent, value) : true;
      default:
        return false;
    }
  }

  /** Whether nothing changes what has become a part of another object or list. */
  #part(node: AnyNode): boolean {
    const parent = this.#text.parent(node);
    switch (parent?.type) {
      case "Property":
      case "ArrayExpression":
      case "ObjectExpression":
      case "SpreadElement":
        return this.#part(parent);
      case "CallExpression":
        return parent.callee !== node && this.#argument(parent, UNKNOWN);
      case "VariableDeclarator":
        return parent.id.type === "Identifier" && this.#declared(parent, true, UNKNOWN);
      case "ReturnStatement":
        return this.#isOutermost(parent);
      default:
        return false;
    }
  }

  #declared(node: AnyNode, whole: boolean, value: TracedValue): boolean {
    if (!whole && isFlat(value)) return true;
    return this.#text
      .declared(node)
      .every((variable) => this.variable(variable, whole ? value : UNKNOWN) && isConstant(variable));
  }

  #elements(left: AnyNode, list: TracedValue): boolean {
    if (isFlat(list)) return true;
    return left.type === "VariableDeclaration" && this.#declared(left, false, UNKNOWN);
  }

  #argument(call: CallExpression, value: TracedValue): boolean {
    const { callee } = call;
    if (callee.type === "Identifier" && LOOKING.has(callee.name)) return true;
    const called = this.#valueOf(callee);
    if (called.kind !== "tool") return false;
    if (called.tool.server === undefined || !KEEPING.has(called.tool.server)) return true;
    const [method] = called.tool.names ?? [];
    if (called.tool.server !== "Object" || method === undefined) return false;
    return method === "keys" || method === "hasOwn" || (/^(entries|values)$/.test(method) && isFlat(value));
  }

  #member(member: MemberExpression, value: TracedValue): boolean {
    const name = member.computed ? undefined : keyOf(member.property);
    const outer = this.#text.parent(member);
    if (outer?.type === "CallExpression" && outer.callee === member) {
      return name !== undefined && this.#method(outer, name, value);
    }
    if (outer?.type === "AssignmentExpression" && outer.left === member) return false;
    if (outer?.type === "UpdateExpression") return false;
    if (outer?.type === "UnaryExpression" && outer.operator === "delete") return false;
    if (name === "length") return true;
    const inner = name === undefined ? elementOf(value) : memberOf(value, [name]);
    return this.#use(member, isFlat(value) && value.kind === "array" ? FIXED : inner);
  }

  #method(call: CallExpression, name: string, list: TracedValue): boolean {
    if (list.kind !== "array") return false;
    if (TELLING.test(name)) return true;
    if (READING.test(name)) return isFlat(list);
    const [each] = call.arguments;
    if (!EACH.test(name) || each === undefined) return false;
    if (each.type !== "ArrowFunctionExpression" && each.type !== "FunctionExpression") return isFlat(list);
    if (each.params.length > 2) return false;
    // `filter` and `find` hand the elements on.
    const hands = /^f(ilter|ind|indLast)$/.test(name);
    return isFlat(list) || (!hands && this.#declared(each, false, UNKNOWN));
  }

  /** Whether a statement belongs to the program itself, not to a function of it. */
  #isOutermost(node: AnyNode): boolean {
    let functions = 0;
    for (let at = this.#text.parent(node); at !== undefined; at = this.#text.parent(at)) {
      if (/Function/.test(at.type)) functions += 1;
    }
    return functions <= 1;
  }
}

const FIXED: TracedValue = { kind: "absent" };

const isConstant = (variable: Variable): boolean =>
  variable.references.every((reference) => !reference.isWrite() || reference.init === true);

/** Whether a value has no parts that could change. */
function isFixed(value: TracedValue): boolean {
  if (value.kind === "oneOf") return value.values.every(isFixed);
  return value.kind === "literal" || value.kind === "absent";
}

/** Whether none of a value's parts could change. */
function isFlat(value: TracedValue): boolean {
  if (value.kind === "oneOf") return value.values.every(isFlat);
  if (value.kind === "array") return !value.open && value.items.every(isFixed);
  if (value.kind === "object") return !value.open && value.properties.every(([, own]) => isFixed(own));
  return isFixed(value);
}
