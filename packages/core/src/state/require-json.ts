import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";

/** Objects and arrays in each other. */
const MAX_DEPTH = 500;
/** Values in all: what one object holds many times is many times in its JSON. */
const MAX_VALUES = 5_000_000;

/**
 * The value, when JSON says all of it and nothing else: null, booleans, finite numbers, texts, arrays without holes, plain objects. Throws
 * `invalid_params` that names the place of what is none, such as `$.a.b[3]`.
 */
export function requireJson(value: unknown): JsonValue {
  new JsonCheck().measure(value);
  return value as JsonValue;
}

/** How many values something is, and how many levels of objects and arrays are in it. */
interface Measure {
  readonly count: number;
  readonly levels: number;
}

const SIMPLE: Measure = { count: 1, levels: -1 };

class JsonCheck {
  readonly #known = new Map<object, Measure>();
  readonly #open = new Set<object>();
  readonly #path: (string | number)[] = [];

  measure(value: unknown): Measure {
    const problem = problemOf(value);
    if (problem !== undefined) this.#refuse(`is ${problem}, which JSON cannot hold`);
    if (typeof value !== "object" || value === null) return SIMPLE;
    if (this.#open.has(value)) this.#refuse("holds itself, which JSON cannot hold");
    const known = this.#known.get(value);
    // What was found before may stand deeper here.
    if (this.#path.length + (known?.levels ?? 0) > MAX_DEPTH) {
      this.#refuse(`goes deeper than ${MAX_DEPTH} levels`, 5);
    }
    if (known !== undefined) return known;
    this.#open.add(value);
    let [count, levels] = [1, 0];
    for (const name of Array.isArray(value) ? value.keys() : Object.keys(value)) {
      this.#path.push(name);
      if (name === "__proto__") this.#refuse("is a key that is not taken");
      const inner = this.measure((value as Readonly<Record<string | number, unknown>>)[name]);
      this.#path.pop();
      count += inner.count;
      levels = Math.max(levels, inner.levels + 1);
      if (count > MAX_VALUES) this.#refuse(`is more than ${MAX_VALUES} values`);
    }
    this.#open.delete(value);
    const measure = { count, levels };
    this.#known.set(value, measure);
    return measure;
  }

  #refuse(why: string, levels = 20): never {
    const place = this.#path.slice(0, levels).map((part) => {
      if (typeof part === "number") return `[${part}]`;
      return /^[A-Za-z_$][\w$]{0,80}$/.test(part) ? `.${part}` : `[${JSON.stringify(part.slice(0, 80))}]`;
    });
    const more = this.#path.length > levels ? "…" : "";
    throw new OptimizerError("invalid_params", { detail: `$${place.join("")}${more} ${why}` });
  }
}

function problemOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "boolean":
    case "string":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : String(value);
    case "bigint":
      return "a BigInt";
    case "object":
      return value === null ? undefined : problemOfObject(value);
    case "undefined":
      return "undefined";
    default:
      return `a ${typeof value}`;
  }
}

function problemOfObject(value: object): string | undefined {
  if (Object.getOwnPropertySymbols(value).length > 0) return "an object with symbols for keys";
  if (Array.isArray(value)) {
    return Object.keys(value).length === value.length ? undefined : "an array with holes or names";
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype || isForeignPlain(prototype)) return undefined;
  const { name } = (value.constructor as { readonly name?: unknown } | undefined) ?? {};
  return typeof name === "string" && name !== "" && name !== "Object" ? `a ${name}` : "no plain object";
}

/** Whether it is the `Object.prototype` of another realm, such as one of node:vm. */
const isForeignPlain = (prototype: unknown): boolean =>
  typeof prototype === "object" &&
  prototype !== null &&
  Object.getPrototypeOf(prototype) === null &&
  Object.hasOwn(prototype, "isPrototypeOf");
