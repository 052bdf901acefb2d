// Text of any value for the console, close to what Node prints.

const INSPECT_DEPTH = 4;
const INSPECT_ITEMS = 100;
const INSPECT_KEYS = 60;
const INSPECT_STRING = 10_000;
const INSPECT_WIDTH = 76;
const INSPECT_TOTAL = 100_000;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Text of a value. Never throws, never endless. @param {unknown} value @param {boolean} [bare] a string without quotes */
function inspect(value, bare = false) {
  if (bare && typeof value === "string") {
    return value;
  }
  const budget = { left: INSPECT_TOTAL };
  try {
    return inspectValue(value, 0, undefined, budget);
  } catch {
    return "[not printable]";
  }
}

/** @typedef {{ value: unknown, up: Seen } | undefined} Seen */

/** @param {string} text */
function quote(text) {
  const body = stringify(clip(text, INSPECT_STRING));
  return stringIncludes(text, "'")
    ? body
    : "'" + stringReplaceAll(stringSlice(body, 1, -1), '\\"', '"') + "'";
}

/** @param {any} value @param {number} depth @param {Seen} seen @param {{ left: number }} budget @returns {string} */
function inspectValue(value, depth, seen, budget) {
  switch (typeof value) {
    case "string":
      budget.left -= value.length;
      return quote(value);
    case "bigint":
      return bigintToString(value) + "n";
    case "symbol":
      return symbolToString(value);
    case "function":
      return inspectFunction(value);
    case "object":
      return value === null ? "null" : inspectObject(value, depth, seen, budget);
    default:
      return value === 0 && 1 / value < 0 ? "-0" : toText(value);
  }
}

/** @param {Function} value */
function inspectFunction(value) {
  const name = peek(value, "name");
  const kind = stringIndexOf(functionToString(value), "class") === 0 ? "class" : "Function";
  return typeof name === "string" && name !== ""
    ? "[" + kind + ": " + clip(name, 100) + "]"
    : "[" + kind + " (anonymous)]";
}

/** @param {any} value @param {number} depth @param {Seen} up @param {{ left: number }} budget @returns {string} */
function inspectObject(value, depth, up, budget) {
  const label = weakMapGet(namespaceNames, value);
  if (label !== undefined) {
    return "[tools: " + label + "]";
  }
  for (let at = up; at !== undefined; at = at.up) {
    if (at.value === value) {
      return "[Circular]";
    }
  }
  const brand = brandOf(value);
  const atom = inspectAtom(value, brand);
  if (atom !== undefined) {
    return atom;
  }
  const title = titleOf(value, brand);
  if (depth > INSPECT_DEPTH || budget.left <= 0) {
    return brand === "Array" ? "[Array]" : "[" + (title === "" ? "Object" : stringTrim(title)) + "]";
  }
  const seen = { value, up };
  /** @type {string[]} */
  const parts = setPrototypeOf([], null);
  /** @param {string} text */
  const add = (text) => {
    budget.left -= text.length;
    parts[parts.length] = text;
  };
  /** @param {unknown} inner */
  const show = (inner) => inspectValue(inner, depth + 1, seen, budget);
  inspectItems(value, brand, add, show, budget);
  inspectProperties(value, brand, add, show, budget);
  if (brand === "Error") {
    const head = toText(toMessageLine(value));
    return parts.length === 0 ? head : head + " " + wrapParts(parts, "{", "}", depth);
  }
  const list = brand === "Array" || brand === "TypedArray";
  return title + wrapParts(parts, list ? "[" : "{", list ? "]" : "}", depth);
}

/** @param {any} error */
function toMessageLine(error) {
  const name = peek(error, "name");
  const message = peek(error, "message");
  return (
    "" +
    (typeof name === "string" ? name : "Error") +
    (message === "" ? "" : ": " + clip(inspect(message, true), 4_000))
  );
}

/** Text of an object that has no parts worth showing. @param {any} value @param {string} brand */
function inspectAtom(value, brand) {
  switch (brand) {
    case "Date":
      return isFiniteNumber(dateGetTime(value)) ? dateToISOString(value) : "Invalid Date";
    case "RegExp":
      return regExpToString(value);
    case "Promise":
      return "Promise { not awaited }";
    case "Iterator":
      return "[" + stringSlice(objectToString(value), 8, -1) + "]";
    case "ArrayBuffer":
      return "ArrayBuffer { byteLength: " + arrayBufferByteLength(value) + " }";
    default:
      return undefined;
  }
}

/** Words before the bracket. @param {any} value @param {string} brand */
function titleOf(value, brand) {
  if (brand === "Map") {
    return "Map(" + mapSize(value) + ") ";
  }
  if (brand === "Set") {
    return "Set(" + setSize(value) + ") ";
  }
  if (brand === "TypedArray") {
    return typedArrayTag(value) + "(" + typedArrayLength(value) + ") ";
  }
  if (brand === "Array") {
    return "";
  }
  let proto;
  try {
    proto = getPrototypeOf(value);
  } catch {
    return "Proxy ";
  }
  if (proto === null) {
    return "[Object: null prototype] ";
  }
  const name = peek(peek(value, "constructor"), "name");
  return proto === objectPrototype || typeof name !== "string" || name === "" ? "" : clip(name, 100) + " ";
}

/** @param {any} value @param {string} brand @param {(text: string) => void} add @param {(inner: unknown) => string} show @param {{ left: number }} budget */
function inspectItems(value, brand, add, show, budget) {
  let count = 0;
  const full = () => count >= INSPECT_ITEMS || budget.left <= 0;
  /** @param {number} size */
  const more = (size) => {
    if (size > count) {
      add("... " + (size - count) + " more item" + (size - count === 1 ? "" : "s"));
    }
  };
  if (brand === "Array" || brand === "TypedArray") {
    const length = brand === "Array" ? value.length : typedArrayLength(value);
    for (; count < length && !full(); count++) {
      add(count in value ? show(value[count]) : "<empty>");
    }
    more(length);
  } else if (brand === "Map") {
    mapForEach(value, (/** @type {unknown} */ item, /** @type {unknown} */ key) => {
      if (!full()) {
        add(show(key) + " => " + show(item));
        count++;
      }
    });
    more(mapSize(value));
  } else if (brand === "Set") {
    setForEach(value, (/** @type {unknown} */ item) => {
      if (!full()) {
        add(show(item));
        count++;
      }
    });
    more(setSize(value));
  }
}

/** @param {any} value @param {string} brand @param {(text: string) => void} add @param {(inner: unknown) => string} show @param {{ left: number }} budget */
function inspectProperties(value, brand, add, show, budget) {
  if (brand === "TypedArray") {
    return;
  }
  const keys = objectKeys(value);
  let shown = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = /** @type {string} */ (keys[i]);
    if (brand === "Array" && regExpExec(/^\d+$/, key) !== null) {
      continue;
    }
    if (shown >= INSPECT_KEYS || budget.left <= 0) {
      add("... " + (keys.length - i) + " more properties");
      return;
    }
    shown++;
    const slot = getOwnPropertyDescriptor(value, key);
    const inner = slot?.get !== undefined ? "[Getter]" : show(slot === undefined ? value[key] : slot.value);
    add((regExpExec(IDENTIFIER, key) === null ? quote(key) : key) + ": " + inner);
  }
}

/** @param {string[]} parts @param {string} open @param {string} close @param {number} depth */
function wrapParts(parts, open, close, depth) {
  if (parts.length === 0) {
    return open + close;
  }
  let flat = "";
  let long = false;
  for (let i = 0; i < parts.length; i++) {
    flat += "" + (i === 0 ? "" : ", ") + parts[i];
    long ||= stringIncludes(parts[i], "\n");
  }
  if (!long && flat.length + depth * 2 <= INSPECT_WIDTH) {
    return open + " " + flat + " " + close;
  }
  const pad = stringRepeat("  ", depth + 1);
  let text = open;
  for (let i = 0; i < parts.length; i++) {
    text += (i === 0 ? "" : ",") + "\n" + pad + parts[i];
  }
  return text + "\n" + stringRepeat("  ", depth) + close;
}
