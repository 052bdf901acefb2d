import { typeKey } from "./type-key.ts";
import type { NamedType, TypeNode } from "./type-node.ts";

/** The types that a type refers to directly, inner ones included, references not followed. */
function references(node: TypeNode, into: Set<NamedType>): Set<NamedType> {
  switch (node.kind) {
    case "text":
      break;
    case "named":
      into.add(node.named);
      break;
    case "array":
      references(node.items, into);
      break;
    case "tuple":
      for (const item of node.items) references(item, into);
      if (node.rest !== undefined) references(node.rest, into);
      break;
    case "object":
      for (const property of node.properties) references(property.type, into);
      if (node.rest !== undefined) references(node.rest, into);
      break;
    case "union":
    case "intersection":
      for (const member of node.members) references(member, into);
      break;
  }
  return into;
}

const recursion = new WeakMap<NamedType, boolean>();

/** Whether a type refers to itself, however indirectly. */
export function isRecursive(named: NamedType): boolean {
  let answer = recursion.get(named);
  if (answer === undefined) {
    const seen = new Set<NamedType>();
    const waiting = [named];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const found of references(next.type, new Set())) {
        if (seen.has(found)) continue;
        seen.add(found);
        waiting.push(found);
      }
    }
    answer = seen.has(named);
    recursion.set(named, answer);
  }
  return answer;
}

/** Types of the language that must not be shadowed. */
const BUILT_IN = ["Record", "Promise", "Array", "Object", "String", "Number", "Boolean"];

/** Gives types names that are unique among what is printed together. Equal types of one name share it. */
export class TypeNames {
  readonly #names = new Map<string, string>(BUILT_IN.map((name) => [name, ""]));
  readonly #types = new Map<NamedType, string>();
  readonly #order: { name: string; type: TypeNode }[] = [];

  /** The name to print for a type. */
  nameOf(named: NamedType): string {
    let name = this.#types.get(named);
    if (name === undefined) {
      name = this.#allot(named.name, named.type);
      this.#types.set(named, name);
    }
    return name;
  }

  /** A name that is not in use yet, and is from now on. */
  reserve(wanted: string, key: string): string {
    let name = wanted;
    for (let number = 2; this.#names.has(name); number++) name = `${wanted}${number}`;
    this.#names.set(name, key);
    return name;
  }

  /** The types named so far, in order. It grows while their declarations are printed. */
  get declared(): readonly { readonly name: string; readonly type: TypeNode }[] {
    return this.#order;
  }

  #allot(wanted: string, type: TypeNode): string {
    const key = typeKey(type);
    for (const [name, taken] of this.#names) {
      if (taken === key && name.replace(/\d+$/u, "") === wanted.replace(/\d+$/u, "")) return name;
    }
    const name = this.reserve(wanted, key);
    this.#order.push({ name, type });
    return name;
  }
}
