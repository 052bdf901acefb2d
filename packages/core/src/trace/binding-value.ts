import type { AnyNode, CallExpression, Pattern } from "acorn";
import type { Variable } from "eslint-scope";
import { EACH, LeftAlone } from "./left-alone.ts";
import type { ProgramText } from "./program-text.ts";
import { ITEM } from "./program-trace.ts";
import { oneOf, UNKNOWN, type TracedValue } from "./traced-value.ts";

/** Reads the value of an expression. */
export type ValueOf = (node: AnyNode) => TracedValue;

/** The value of a variable that is set once and never changed; unknown for any other. */
export function bindingValue(variable: Variable, text: ProgramText, valueOf: ValueOf): TracedValue {
  const [definition, ...more] = variable.defs;
  if (definition === undefined || more.length > 0) return UNKNOWN;
  if (variable.references.some((reference) => reference.isWrite() && reference.init !== true)) return UNKNOWN;
  const name = definition.name as unknown as AnyNode;
  if (definition.type === "Variable") {
    const declarator = definition.node as unknown as AnyNode & { type: "VariableDeclarator" };
    const whole = declaratorValue(declarator, text, valueOf);
    return settled(partOf(declarator.id, name, whole), variable, text, valueOf);
  }
  if (definition.type === "Parameter") {
    const fn = definition.node as unknown as AnyNode;
    return settled(parameterValue(fn, name, text, valueOf), variable, text, valueOf);
  }
  return UNKNOWN;
}

function declaratorValue(
  declarator: AnyNode & { type: "VariableDeclarator" },
  text: ProgramText,
  valueOf: ValueOf,
): TracedValue {
  const declaration = text.parent(declarator);
  const loop = declaration && text.parent(declaration);
  if (loop?.type === "ForOfStatement" && loop.left === declaration) return elementOf(valueOf(loop.right));
  if (!declarator.init || text.hadTypes(declarator.id.end, declarator.init.start)) return UNKNOWN;
  return text.hadTypes(declarator.init.end) ? UNKNOWN : valueOf(declarator.init);
}

function parameterValue(fn: AnyNode, name: AnyNode, text: ProgramText, valueOf: ValueOf): TracedValue {
  const call = text.parent(fn);
  if (call?.type !== "CallExpression" || call.arguments[0] !== fn) return UNKNOWN;
  // A function with a name can call itself with anything.
  if (fn.type === "FunctionExpression" && fn.id) return UNKNOWN;
  const [first] = (fn as AnyNode & { params: Pattern[] }).params;
  if (first === undefined || name.start < first.start || name.end > first.end) return UNKNOWN;
  const list = listOf(call, valueOf);
  if (list === undefined || text.hadTypes(first.end)) return UNKNOWN;
  return partOf(first, name, elementOf(list));
}

function listOf({ callee }: CallExpression, valueOf: ValueOf): TracedValue | undefined {
  if (callee.type !== "MemberExpression" || callee.computed) return undefined;
  if (callee.property.type !== "Identifier" || !EACH.test(callee.property.name)) return undefined;
  return valueOf(callee.object);
}

/** One element of a list, whichever. */
export function elementOf(list: TracedValue): TracedValue {
  if (list.kind === "array" && !list.open) return oneOf(list.items);
  if (list.kind === "result" || list.kind === "parameter") return { ...list, path: [...list.path, ITEM] };
  return UNKNOWN;
}

/** The part of a value that a pattern gives to one name. */
function partOf(pattern: Pattern, name: AnyNode, value: TracedValue): TracedValue {
  if ((pattern as AnyNode) === name) return value;
  if (pattern.type === "ObjectPattern") {
    for (const property of pattern.properties) {
      if (property.type !== "Property" || !holds(property, name)) continue;
      const key = property.computed ? undefined : keyOf(property.key);
      return key === undefined ? UNKNOWN : partOf(property.value, name, memberOf(value, [key]));
    }
  }
  if (pattern.type === "ArrayPattern") {
    const index = pattern.elements.findIndex((element) => element !== null && holds(element, name));
    const element = pattern.elements[index];
    if (element && element.type !== "RestElement") {
      return partOf(element, name, itemOf(value, index));
    }
  }
  return UNKNOWN;
}

const holds = (node: AnyNode, inner: AnyNode): boolean => node.start <= inner.start && inner.end <= node.end;

/** The name of a property that is written plainly. */
export function keyOf(key: AnyNode): string | undefined {
  if (key.type === "Identifier") return key.name;
  return key.type === "Literal" ? String(key.value) : undefined;
}

/** A property of a value, under any of some names. */
export function memberOf(value: TracedValue, names: readonly string[] | undefined): TracedValue {
  if (value.kind === "global") {
    return { kind: "tool", tool: { server: value.name, ...(names && { names }) } };
  }
  const [name, ...others] = names ?? [];
  if (name === undefined || others.length > 0) return UNKNOWN;
  if (value.kind === "result" || value.kind === "parameter")
    return { ...value, path: [...value.path, /^\d+$/.test(name) ? ITEM : name] };
  if (value.kind === "object" && !value.open) {
    return value.properties.find(([own]) => own === name)?.[1] ?? UNKNOWN;
  }
  return /^\d+$/.test(name) ? itemOf(value, Number(name)) : UNKNOWN;
}

function itemOf(value: TracedValue, index: number): TracedValue {
  if (value.kind === "results") return value.items[index] ?? UNKNOWN;
  if (value.kind === "array" && !value.open) return value.items[index] ?? UNKNOWN;
  return value.kind === "result" || value.kind === "parameter" ? elementOf(value) : UNKNOWN;
}

/** An object or list that anything may change after its declaration is not known. */
function settled(value: TracedValue, variable: Variable, text: ProgramText, valueOf: ValueOf): TracedValue {
  if (value.kind !== "object" && value.kind !== "array" && value.kind !== "oneOf") return value;
  return new LeftAlone(text, valueOf).variable(variable, value) ? value : UNKNOWN;
}
