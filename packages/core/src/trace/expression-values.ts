import type { AnyNode, CallExpression, ObjectExpression } from "acorn";
import type { Variable } from "eslint-scope";
import { bindingValue, elementOf, keyOf, memberOf } from "./binding-value.ts";
import type { ProgramText } from "./program-text.ts";
import { PARAMETERS, type KnownValue } from "./program-trace.ts";
import { oneOf, plain, textsOf, UNKNOWN, type TracedValue } from "./traced-value.ts";

/** Methods of a list that give a list of the same elements. */
const SAME_ELEMENTS = /^(filter|slice|sort|reverse|toSorted|toReversed)$/;
/** Methods of a list that give one of its elements. */
const ONE_ELEMENT = /^(find|findLast|at|shift|pop)$/;

/** What the expressions of one program stand for. */
export class ExpressionValues {
  readonly #text: ProgramText;
  readonly #useOf: (call: AnyNode) => number | undefined;
  readonly #known = new Map<AnyNode, TracedValue>();
  readonly #bindings = new Map<Variable, TracedValue>();

  /** `useOf` tells which use a call is, if it is one. */
  constructor(text: ProgramText, useOf: (call: AnyNode) => number | undefined) {
    this.#text = text;
    this.#useOf = useOf;
  }

  /** The value of an expression. */
  of = (node: AnyNode): TracedValue => {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    // A value that depends on itself is not known.
    this.#known.set(node, UNKNOWN);
    const read = this.#read(node);
    // What a cast says of a value may be otherwise; a server stays one, and so does a tool.
    const sure = node.type === "Identifier" || read.kind === "global" || read.kind === "tool";
    const value = sure || !this.#text.hadTypes(node.end) ? read : UNKNOWN;
    this.#known.set(node, value);
    return value;
  };

  /** The value of the variable that a declared name stands for. */
  ofBinding(name: AnyNode): TracedValue {
    const reference = this.#text.variable(name);
    return reference === undefined ? UNKNOWN : this.#binding(reference);
  }

  #binding(variable: Variable): TracedValue {
    const known = this.#bindings.get(variable);
    if (known !== undefined) return known;
    this.#bindings.set(variable, UNKNOWN);
    const value = bindingValue(variable, this.#text, this.of);
    this.#bindings.set(variable, value);
    return value;
  }

  #read(node: AnyNode): TracedValue {
    switch (node.type) {
      case "Literal":
        return isPlain(node.value) ? { kind: "literal", value: node.value } : UNKNOWN;
      case "TemplateLiteral":
        return this.#template(node.quasis, node.expressions);
      case "UnaryExpression":
        return this.#negative(node.operator, node.argument);
      case "Identifier":
        return this.#identifier(node);
      case "MemberExpression":
        return this.#member(node);
      case "ChainExpression":
        return this.of(node.expression);
      case "SequenceExpression":
        return this.of(node.expressions.at(-1)!);
      case "ConditionalExpression":
        return oneOf([this.of(node.consequent), this.of(node.alternate)]);
      case "LogicalExpression":
        return oneOf([this.of(node.left), this.of(node.right)]);
      case "AwaitExpression":
        return awaited(this.of(node.argument));
      case "CallExpression":
        return this.#call(node);
      case "ArrayExpression":
        return this.#array(node.elements);
      case "ObjectExpression":
        return this.#object(node);
      default:
        return UNKNOWN;
    }
  }

  #identifier(node: AnyNode & { type: "Identifier" }): TracedValue {
    if (!this.#text.isReference(node)) return UNKNOWN;
    const variable = this.#text.variable(node);
    if (variable === undefined) {
      if (node.name === PARAMETERS) return { kind: "parameter", path: [] };
      return node.name === "undefined" ? { kind: "absent" } : { kind: "global", name: node.name };
    }
    return this.#binding(variable);
  }

  #template(quasis: readonly AnyNode[], expressions: readonly AnyNode[]): TracedValue {
    const texts = quasis.map((quasi) => (quasi.type === "TemplateElement" ? quasi.value.cooked : undefined));
    if (expressions.length > 0) return UNKNOWN;
    return typeof texts[0] === "string" ? { kind: "literal", value: texts[0] } : UNKNOWN;
  }

  #negative(operator: string, argument: AnyNode): TracedValue {
    if (operator === "void") return { kind: "absent" };
    const value = this.of(argument);
    if (value.kind !== "literal") return UNKNOWN;
    if (operator === "-" && typeof value.value === "number") return { kind: "literal", value: -value.value };
    return operator === "!" ? { kind: "literal", value: !value.value } : UNKNOWN;
  }

  #member(node: AnyNode & { type: "MemberExpression" }): TracedValue {
    const object = this.of(node.object);
    if (object.kind !== "global" && this.#text.hadTypes(node.object.end)) return UNKNOWN;
    if (!node.computed) {
      const name = keyOf(node.property);
      return name === undefined ? UNKNOWN : memberOf(object, [name]);
    }
    const names = textsOf(this.of(node.property));
    // A list is read by a number that is rarely written out.
    if ((object.kind === "result" || object.kind === "parameter") && names === undefined) return UNKNOWN;
    return memberOf(object, names);
  }

  #call(node: CallExpression): TracedValue {
    const use = this.#useOf(node);
    if (use !== undefined) return { kind: "promise", use };
    const { callee } = node;
    if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier")
      return UNKNOWN;
    const object = this.of(callee.object);
    const method = callee.property.name;
    if (object.kind === "global" && object.name === "Promise" && method === "all") {
      const [list] = node.arguments;
      return list?.type === "ArrayExpression" ? this.#promises(list.elements) : UNKNOWN;
    }
    if (object.kind !== "result") return UNKNOWN;
    if (SAME_ELEMENTS.test(method)) return object;
    return ONE_ELEMENT.test(method) ? elementOf(object) : UNKNOWN;
  }

  #promises(elements: readonly (AnyNode | null)[]): TracedValue {
    if (elements.some((element) => element === null || element.type === "SpreadElement")) return UNKNOWN;
    return { kind: "promises", items: elements.map((element) => this.of(element!)) };
  }

  #array(elements: readonly (AnyNode | null)[]): KnownValue {
    const items = elements.flatMap((element) => {
      if (element === null) return [UNKNOWN];
      return element.type === "SpreadElement" ? [] : [plain(this.of(element))];
    });
    return { kind: "array", items, open: items.length < elements.length };
  }

  #object({ properties }: ObjectExpression): KnownValue {
    const known = new Map<string, KnownValue>();
    let open = false;
    for (const property of properties) {
      if (property.type === "SpreadElement") {
        const spread = this.of(property.argument);
        if (spread.kind === "object") {
          for (const [name, value] of spread.properties) known.set(name, value);
          open ||= spread.open;
        } else {
          // It may replace anything that stands before it.
          for (const name of known.keys()) known.set(name, UNKNOWN);
          open = true;
        }
        continue;
      }
      const names = property.computed ? textsOf(this.of(property.key)) : [keyOf(property.key) ?? ""];
      if (names?.length !== 1) open = true;
      else known.set(names[0]!, property.kind === "init" ? plain(this.of(property.value)) : UNKNOWN);
    }
    return { kind: "object", properties: [...known], open };
  }
}

function awaited(value: TracedValue): TracedValue {
  if (value.kind === "promise") return { kind: "result", use: value.use, path: [] };
  if (value.kind === "promises") return { kind: "results", items: value.items.map(awaited) };
  return value;
}

const isPlain = (value: unknown): value is string | number | boolean | null =>
  value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
