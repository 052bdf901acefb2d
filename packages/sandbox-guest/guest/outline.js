// outline(value): the shape of an unknown value in a few words, as a TypeScript type with counts.

const OUTLINE_DEPTH = 6;
const OUTLINE_WIDTH = 25;
const OUTLINE_SAMPLES = 40;
const OUTLINE_LENGTH = 2_500;
const OUTLINE_STRING = 80;

/** @typedef {{ kind: "leaf", types: string[] } | { kind: "list", item: Shape | undefined, count: number, lists: number, types: string[] } | { kind: "object", keys: string[], fields: Record<string, { shape: Shape, seen: number }>, seen: number, omitted: number, types: string[] }} Shape */

/** @param {any} value @param {number} depth @returns {Shape} */
function shapeOf(value, depth) {
  if (typeof value !== "object" || value === null) {
    return leaf(leafType(value));
  }
  const brand = brandOf(value);
  if (
    weakMapGet(namespaceNames, value) !== undefined ||
    (brand !== "Array" && brand !== "Object" && brand !== "Error")
  ) {
    return leaf(
      brand === "Map" || brand === "Set" || brand === "TypedArray"
        ? stringTrim(titleOf(value, brand))
        : brand,
    );
  }
  if (depth >= OUTLINE_DEPTH) {
    return leaf(brand === "Array" ? "unknown[" + value.length + "]" : "object");
  }
  if (brand === "Array") {
    /** @type {Shape | undefined} */
    let item;
    for (let i = 0; i < value.length && i < OUTLINE_SAMPLES; i++) {
      const shape = shapeOf(value[i], depth + 1);
      item = item === undefined ? shape : mergeShapes(item, shape);
    }
    return { kind: "list", item, count: value.length, lists: 1, types: emptyList() };
  }
  return objectShape(value, depth);
}

/** @param {any} value @param {number} depth @returns {Shape} */
function objectShape(value, depth) {
  const keys = brandOf(value) === "Error" ? ["name", "message"] : objectKeys(value);
  /** @type {Extract<Shape, { kind: "object" }>} */
  const shape = {
    kind: "object",
    keys: emptyList(),
    fields: setPrototypeOf({}, null),
    seen: 1,
    omitted: 0,
    types: emptyList(),
  };
  for (let i = 0; i < keys.length; i++) {
    const key = /** @type {string} */ (keys[i]);
    if (i >= OUTLINE_WIDTH * 4) {
      shape.omitted = keys.length - i;
      break;
    }
    shape.keys[shape.keys.length] = key;
    shape.fields[key] = { shape: shapeOf(peek(value, key), depth + 1), seen: 1 };
  }
  return shape;
}

/** @returns {any[]} */
const emptyList = () => setPrototypeOf([], null);

/** @param {string} type @returns {Shape} */
function leaf(type) {
  const types = emptyList();
  types[0] = type;
  return { kind: "leaf", types };
}

/** @param {any} value */
function leafType(value) {
  if (typeof value === "string") {
    return value.length > OUTLINE_STRING ? "string(" + value.length + ")" : "string";
  }
  return value === null ? "null" : typeof value;
}

/** @param {string[]} into @param {string[]} types */
function addTypes(into, types) {
  for (let i = 0; i < types.length; i++) {
    const type = /** @type {string} */ (types[i]);
    let known = false;
    for (let k = 0; k < into.length; k++) {
      const other = /** @type {string} */ (into[k]);
      known ||= other === type;
      // Strings of several lengths become one.
      if (stringIndexOf(other, "string") === 0 && stringIndexOf(type, "string") === 0) {
        known = true;
        into[k] =
          other === type ? other : other === "string" || type === "string" ? "string" : "string(long)";
      }
    }
    if (!known) {
      into[into.length] = type;
    }
  }
}

/** One shape for two. @param {Shape} a @param {Shape} b @returns {Shape} */
function mergeShapes(a, b) {
  if (a.kind !== b.kind) {
    const main = a.kind === "leaf" ? b : a;
    const other = a.kind === "leaf" ? a : b;
    addTypes(
      main.types,
      other.kind === "leaf" ? other.types : [other.kind === "list" ? "unknown[]" : "object"],
    );
    return main;
  }
  addTypes(a.types, b.types);
  if (a.kind === "list" && b.kind === "list") {
    a.item = a.item !== undefined && b.item !== undefined ? mergeShapes(a.item, b.item) : (a.item ?? b.item);
    a.count += b.count;
    a.lists += b.lists;
  } else if (a.kind === "object" && b.kind === "object") {
    a.seen += b.seen;
    for (let i = 0; i < b.keys.length; i++) {
      const key = /** @type {string} */ (b.keys[i]);
      const theirs = /** @type {{ shape: Shape, seen: number }} */ (b.fields[key]);
      const mine = a.fields[key];
      if (mine === undefined) {
        a.keys[a.keys.length] = key;
        a.fields[key] = theirs;
      } else {
        mine.shape = mergeShapes(mine.shape, theirs.shape);
        mine.seen += theirs.seen;
      }
    }
  }
  return a;
}

/** @param {Shape} shape @returns {string} */
function printShape(shape) {
  let text = "";
  const add = (/** @type {string} */ part) => {
    text += text === "" ? part : " | " + part;
  };
  if (shape.kind === "list") {
    const item = shape.item === undefined ? "unknown" : printShape(shape.item);
    const grouped = stringIncludes(item, " | ") && item[0] !== "{" ? "(" + item + ")" : item;
    add(grouped + "[" + (shape.lists === 1 ? shape.count : "") + "]");
  } else if (shape.kind === "object") {
    add(printObject(shape));
  }
  for (let i = 0; i < shape.types.length; i++) {
    add(/** @type {string} */ (shape.types[i]));
  }
  return text;
}

/** @param {Extract<Shape, { kind: "object" }>} shape */
function printObject(shape) {
  const total = shape.keys.length + shape.omitted;
  if (total === 0) {
    return "{}";
  }
  /** @type {string | undefined} */
  let same;
  let uniform = total > OUTLINE_WIDTH;
  let text = "";
  for (let i = 0; i < shape.keys.length; i++) {
    const key = /** @type {string} */ (shape.keys[i]);
    const field = /** @type {{ shape: Shape, seen: number }} */ (shape.fields[key]);
    if (!uniform && i >= OUTLINE_WIDTH) {
      break;
    }
    const printed = printShape(field.shape);
    same ??= printed;
    uniform &&= same === printed;
    if (i < OUTLINE_WIDTH) {
      const name = regExpExec(IDENTIFIER, key) === null ? stringify(clip(key, 60)) : clip(key, 60);
      text += "" + (i === 0 ? "" : "; ") + name + (field.seen < shape.seen ? "?" : "") + ": " + printed;
    }
  }
  if (uniform) {
    return "Record<string, " + same + ">(" + total + " keys)";
  }
  return total > OUTLINE_WIDTH
    ? "{ " + text + "; … " + (total - OUTLINE_WIDTH) + " more }"
    : "{ " + text + " }";
}

/** A short shape of a value. A long text shows its beginning. @param {unknown} value */
function outline(value) {
  if (typeof value === "string" && value.length > OUTLINE_STRING) {
    return "string(" + value.length + ") " + stringify(stringSlice(value, 0, 300)) + "…";
  }
  if (typeof value === "string") {
    return "string " + stringify(value);
  }
  try {
    return clip(printShape(shapeOf(value, 0)), OUTLINE_LENGTH);
  } catch (error) {
    return "unknown (" + clip(toMessage(error), 200) + ")";
  }
}
exposeFixed("outline", outline);
