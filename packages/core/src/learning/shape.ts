import type { TextFormat } from "../formats/text-format.ts";

/**
 * What values of a place look like, never a value of it: the kinds that were seen there. It accepts every value that it was made of. With
 * nothing set, nothing was seen, as of the items of an empty list.
 */
export interface Shape {
  /** Too much was seen to tell it apart; nothing else is set then. */
  readonly any?: true;
  readonly null?: true;
  readonly boolean?: true;
  readonly number?: true;
  readonly string?: true;
  /** How a text at the root, or in the only member of the root, is laid out. */
  readonly text?: TextFormat;
  /** What JSON in such a text holds. */
  readonly parsed?: Shape;
  /** Of the items of lists. */
  readonly items?: Shape;
  readonly object?: ObjectShape;
}

/** All objects of a place together. */
export interface ObjectShape {
  /** By name, as it was first seen. Names that look like data are never among them. */
  readonly properties: ReadonlyMap<string, PropertyShape>;
  /** Of all other members. With it and no properties, names are data: no name is kept from then on. */
  readonly rest?: Shape;
}

/** A member that objects have under a fixed name. */
export interface PropertyShape {
  readonly shape: Shape;
  /** Some objects of the place do not have it. */
  readonly optional: boolean;
}

/** Nothing was seen. */
export const NOTHING: Shape = {};

/** Anything may be there. */
export const ANYTHING: Shape = { any: true };

/** Whether names of an object are data. */
export const isMap = ({ properties, rest }: ObjectShape): boolean =>
  properties.size === 0 && rest !== undefined;
