import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import { looksLikeData } from "./looks-like-data.ts";
import { asMap, settled } from "./merge-shapes.ts";
import { ANYTHING, NOTHING, type ObjectShape, type Shape } from "./shape.ts";

/** How much of a value is looked at. */
export interface ShapeBudget {
  /** Values that may still be looked at; falls. */
  left: number;
}

const DEEPEST = 10;
/** Longer lists are looked at in so many places, evenly; inner lists in fewer. */
const MOST_ITEMS = 1_000;
const INNER_ITEMS = 200;
/** Objects with more members are maps. */
const MOST_MEMBERS = 250;
/** To look at a name takes as long as to look at so many values. */
const NAME_COST = 4;

/** Takes in the values of one place, one after the other, and tells their shape: the same as their shapes merged, in less time. */
export class ShapeBuilder {
  #null = false;
  #boolean = false;
  #number = false;
  #string = false;
  /** A list or an object was not looked into. */
  #unseen = false;
  #any = false;
  #items: ShapeBuilder | undefined;
  #objects = 0;
  readonly #members = new Map<string, { readonly builder: ShapeBuilder; count: number }>();
  #rest: ShapeBuilder | undefined;
  #map = false;

  add(value: JsonValue | undefined, budget: ShapeBudget, depth: number): void {
    budget.left -= 1;
    if (value === null || value === undefined) this.#null = true;
    else if (typeof value === "string") this.#string = true;
    else if (typeof value === "number") this.#number = true;
    else if (typeof value === "boolean") this.#boolean = true;
    else if (depth >= DEEPEST) this.#any = true;
    else if (budget.left <= 0) this.#unseen = true;
    else if (Array.isArray(value)) this.#addList(value, budget, depth);
    else this.#addObject(value, budget, depth);
  }

  shape(): Shape {
    if (this.#any || (this.#unseen && this.#items === undefined && this.#objects === 0)) return ANYTHING;
    return {
      ...(this.#null && { null: true }),
      ...(this.#boolean && { boolean: true }),
      ...(this.#number && { number: true }),
      ...(this.#string && { string: true }),
      ...(this.#items && { items: this.#items.shape() }),
      ...(this.#objects > 0 && { object: this.#object() }),
    };
  }

  #addList(list: readonly JsonValue[], budget: ShapeBudget, depth: number): void {
    this.#items ??= new ShapeBuilder();
    const most = depth === 0 ? MOST_ITEMS : INNER_ITEMS;
    const step = Math.max(1, list.length / most);
    for (let at = 0; at < list.length; at += step) {
      // The first is always looked at.
      if (at > 0 && budget.left <= 0) break;
      this.#items.add(list[Math.floor(at)], budget, depth + 1);
    }
  }

  #addObject(object: JsonObject, budget: ShapeBudget, depth: number): void {
    this.#objects += 1;
    const names: string[] = [];
    for (const name in object) {
      if (Object.hasOwn(object, name) && object[name] !== undefined && names.push(name) >= MOST_MEMBERS)
        break;
    }
    const crowded = names.length >= MOST_MEMBERS;
    this.#map ||= crowded;
    const isNew = names.filter((name) => !this.#members.has(name));
    budget.left -= crowded ? 0 : isNew.length * NAME_COST;
    const data = crowded ? names : isNew.filter(looksLikeData);
    const others = new Set(data);
    const isMap = data.length > 0 && data.length * 2 >= names.length;
    for (const name of names) {
      const builder = isMap || others.has(name) ? (this.#rest ??= new ShapeBuilder()) : this.#member(name);
      builder.add(object[name], budget, depth + 1);
    }
  }

  #member(name: string): ShapeBuilder {
    let member = this.#members.get(name);
    if (member === undefined) this.#members.set(name, (member = { builder: new ShapeBuilder(), count: 0 }));
    member.count += 1;
    return member.builder;
  }

  #object(): ObjectShape {
    const properties = new Map(
      [...this.#members].map(([name, { builder, count }]) => [
        name,
        { shape: builder.shape(), optional: count < this.#objects },
      ]),
    );
    const rest = this.#rest?.shape();
    const object = { properties, ...(rest && { rest }) };
    return this.#map ? asMap({ rest: NOTHING, ...object }) : settled(object);
  }
}
