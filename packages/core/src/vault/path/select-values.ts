import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";
import type { Comparison, JsonPath, Operand, Segment, Selector, Test } from "./json-path.ts";

/** Places that one path may look at. */
const MOST_PLACES = 10_000_000;
/** Places between two pauses. */
const PAUSE = 512;
/** Characters that are searched in the time in which a place is looked at. */
const MATCHED_AT_ONCE = 64;

/** The values at a path, in the order of the document. Throws `output_limit` for a path that looks at too many places. */
export function* selectValues(
  value: JsonValue,
  path: JsonPath,
  places: number = MOST_PLACES,
): Generator<void, JsonValue[], void> {
  return yield* new Selection(value, places).at(path, value);
}

/** Children of a value: items, or values of keys. */
function childrenOf(value: JsonValue): readonly JsonValue[] {
  if (typeof value !== "object" || value === null) return [];
  return Array.isArray(value) ? value : (Object.values(value) as JsonValue[]);
}

class Selection {
  readonly #root: JsonValue;
  readonly #most: number;
  #left: number;

  constructor(root: JsonValue, places: number) {
    this.#root = root;
    this.#most = places;
    this.#left = places;
  }

  *at(path: JsonPath, current: JsonValue): Generator<void, JsonValue[], void> {
    let nodes = [path.from === "$" ? this.#root : current];
    for (const segment of path.segments) nodes = yield* this.#segment(segment, nodes);
    return nodes;
  }

  *#segment({ deep, selectors }: Segment, nodes: readonly JsonValue[]): Generator<void, JsonValue[], void> {
    const taken: JsonValue[] = [];
    for (const node of nodes) {
      if (!deep) {
        for (const selector of selectors) yield* this.#select(selector, node, taken);
        continue;
      }
      const open = [node];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        for (const selector of selectors) yield* this.#select(selector, next, taken);
        const children = childrenOf(next);
        for (let index = children.length - 1; index >= 0; index -= 1) {
          if (this.#look()) yield;
          open.push(children[index]!);
        }
      }
    }
    return taken;
  }

  *#select(selector: Selector, node: JsonValue, taken: JsonValue[]): Generator<void, void, void> {
    if (this.#look()) yield;
    if (typeof node !== "object" || node === null) return;
    switch (selector.take) {
      case "name":
        if (!Array.isArray(node) && Object.hasOwn(node, selector.name)) taken.push(node[selector.name]!);
        return;
      case "index": {
        const item = Array.isArray(node) ? node.at(selector.index) : undefined;
        if (item !== undefined) taken.push(item);
        return;
      }
      case "slice":
        if (!Array.isArray(node)) return;
        for (const index of sliceIndexes(selector, node.length)) {
          if (this.#look()) yield;
          taken.push(node[index]!);
        }
        return;
      default:
        for (const child of childrenOf(node)) {
          if (this.#look()) yield;
          if (selector.take === "all" || (yield* this.#holds(selector.test, child))) taken.push(child);
        }
    }
  }

  *#holds(test: Test, current: JsonValue): Generator<void, boolean, void> {
    switch (test.is) {
      case "or":
        for (const one of test.tests) if (yield* this.#holds(one, current)) return true;
        return false;
      case "and":
        for (const one of test.tests) if (!(yield* this.#holds(one, current))) return false;
        return true;
      case "not":
        return !(yield* this.#holds(test.test, current));
      case "there":
        return (yield* this.at(test.path, current)).length > 0;
      case "found": {
        const text = yield* this.#operand(test.in, current);
        if (typeof text !== "string") return false;
        const { atOnce } = test.pattern;
        if (text.length > atOnce) {
          throw new OptimizerError("output_limit", {
            detail: `a filter searches texts of up to ${atOnce} characters with this pattern; one has ${text.length}: use vault.grep`,
          });
        }
        // A place as long as this takes as long as many.
        if (this.#look(Math.ceil(text.length / MATCHED_AT_ONCE))) yield;
        return test.pattern.test(text);
      }
      default:
        return compared(
          test.by,
          yield* this.#operand(test.left, current),
          yield* this.#operand(test.right, current),
        );
    }
  }

  /** Undefined for nothing, and for more than one value. */
  *#operand(operand: Operand, current: JsonValue): Generator<void, JsonValue | undefined, void> {
    if (operand.kind === "literal") return operand.value;
    if (operand.kind === "path") {
      const [value, ...more] = yield* this.at(operand.path, current);
      return more.length === 0 ? value : undefined;
    }
    const value = yield* this.#operand(operand.of, current);
    if (typeof value === "string") return value.length;
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value)) return value.length;
    const { length } = Object.keys(value);
    // To count keys takes as long as to look at them.
    if (this.#look(length)) yield;
    return length;
  }

  /** Counts places; tells whether it is time for a pause. */
  #look(places = 1): boolean {
    const before = Math.ceil(this.#left / PAUSE);
    this.#left -= places;
    if (this.#left < 0) {
      throw new OptimizerError("output_limit", {
        detail: `the path looks at over ${this.#most} places; take a part first, or name the way to it`,
      });
    }
    return Math.ceil(this.#left / PAUSE) !== before;
  }
}

/** Lists and objects are equal to nothing: only texts, numbers, booleans, null and nothing are compared. */
function compared(by: Comparison, left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  const plain = typeof left !== "object" || left === null;
  if (by === "==") return plain && left === right;
  if (by === "!=") return !plain || left !== right;
  const equal = plain && left === right;
  if ((by === "<=" || by === ">=") && equal) return true;
  const ordered =
    (typeof left === "number" && typeof right === "number") ||
    (typeof left === "string" && typeof right === "string");
  if (!ordered) return false;
  return by.startsWith("<") ? left < right : left > right;
}

/** The indexes of a slice as RFC 9535 has them. */
function* sliceIndexes(
  { from, to, step }: Extract<Selector, { take: "slice" }>,
  length: number,
): Generator<number, void, void> {
  if (step === 0) return;
  const place = (index: number): number => (index >= 0 ? index : length + index);
  const within = (index: number, low: number, high: number): number => Math.min(Math.max(index, low), high);
  if (step > 0) {
    const end = within(place(to ?? length), 0, length);
    for (let index = within(place(from ?? 0), 0, length); index < end; index += step) yield index;
    return;
  }
  const end = to === undefined ? -1 : within(place(to), -1, length - 1);
  for (let index = within(place(from ?? length - 1), -1, length - 1); index > end; index += step) yield index;
}
