// JSON text out of any value. The engine's own stringify does the work for plain data; hidden `toJSON` getters on the
// prototypes that it would lose notice what is not plain, and then a careful walk says what it replaced.

const ENCODE_DEPTH = 100;
let encoding = false;
let notPlain = false;
/** Symbols leave no trace in JSON, so a program that names them is always walked. */
let mayHoldSymbols = false;

/** Thrown when text grows over its limit. */
const TOO_LONG = freeze({ reason: "too long" });

/** @param {object | undefined} proto */
function watch(proto) {
  if (proto === undefined) {
    return;
  }
  defineProperty(proto, "toJSON", {
    configurable: true,
    enumerable: false,
    get() {
      notPlain ||= encoding;
      return undefined;
    },
    set(/** @type {unknown} */ value) {
      defineProperty(this, "toJSON", { value, writable: true, configurable: true, enumerable: true });
    },
  });
}
watch(Function.prototype);
watch(Map.prototype);
watch(Set.prototype);
watch(WeakMap.prototype);
watch(WeakSet.prototype);
watch(RegExp.prototype);
watch(Error.prototype);
watch(Promise.prototype);
watch(ArrayBuffer.prototype);
watch(DataView.prototype);
watch(typedArrayPrototype);
watch(BigInt.prototype);
watch(iteratorPrototype);

/** JSON text of a value, at most `limit` characters; undefined for undefined. Throws only TOO_LONG. @param {unknown} value @param {number} limit */
function encodeWithin(value, limit) {
  const text = mayHoldSymbols ? undefined : encodePlain(value);
  if (text !== undefined) {
    if (text.length > limit) {
      throw TOO_LONG;
    }
    return text;
  }
  return encodeWalk(value, undefined, { left: limit, strict: false }, "value", 0);
}

/** The engine's own JSON text when nothing is lost by it; undefined otherwise. @param {unknown} value @returns {string | undefined} */
function encodePlain(value) {
  encoding = true;
  notPlain = false;
  try {
    const text = stringify(value);
    // A null may have been NaN, an invalid date or undefined: only the walk can tell.
    return notPlain || text === undefined || stringIncludes(text, "null") ? undefined : text;
  } catch {
    return undefined;
  } finally {
    encoding = false;
  }
}

/** @typedef {{ left: number, strict: boolean }} Walk */

/** @param {Walk} walk @param {string} text */
function spend(walk, text) {
  walk.left -= text.length;
  if (walk.left < 0) {
    throw TOO_LONG;
  }
  return text;
}

/** What stands for something that JSON cannot hold. In arguments it is an error. @param {Walk} walk @param {string} path @param {string} what */
function substitute(walk, path, what) {
  if (walk.strict) {
    throw new IntrinsicTypeError(path + " is " + what + ", which cannot be sent");
  }
  return spend(walk, stringify("[" + what + "]"));
}

/** @param {any} value @param {Seen} up @param {Walk} walk @param {string} path @param {number} depth @returns {string | undefined} */
function encodeWalk(value, up, walk, path, depth) {
  switch (typeof value) {
    case "undefined":
      return undefined;
    case "string":
      return spend(walk, stringify(value));
    case "boolean":
      return spend(walk, value ? "true" : "false");
    case "number":
      if (isFiniteNumber(value)) {
        return spend(walk, stringify(value));
      }
      return walk.strict ? substitute(walk, path, toText(value)) : spend(walk, '"' + value + '"');
    case "bigint":
      return spend(walk, '"' + bigintToString(value) + '"');
    case "symbol":
      return substitute(walk, path, symbolToString(value));
    case "function":
      return substitute(walk, path, stringSlice(inspectFunction(value), 1, -1));
    default:
      return value === null ? spend(walk, "null") : encodeObject(value, up, walk, path, depth);
  }
}

/** @param {any} value @param {Seen} up @param {Walk} walk @param {string} path @param {number} depth @returns {string | undefined} */
function encodeObject(value, up, walk, path, depth) {
  const label = weakMapGet(namespaceNames, value);
  if (label !== undefined) {
    return substitute(walk, path, "tools: " + label);
  }
  for (let at = up; at !== undefined; at = at.up) {
    if (at.value === value) {
      return substitute(walk, path, "Circular");
    }
  }
  if (depth >= ENCODE_DEPTH) {
    return substitute(walk, path, "nested deeper than " + ENCODE_DEPTH);
  }
  const seen = { value, up };
  const brand = brandOf(value);
  if (brand !== "Date") {
    let toJSON;
    try {
      toJSON = value.toJSON;
      if (typeof toJSON === "function") {
        const replaced = apply(toJSON, value, [""]);
        return replaced === value
          ? encodeParts(value, brand, seen, walk, path, depth)
          : encodeWalk(replaced, seen, walk, path, depth + 1);
      }
    } catch (error) {
      if (error === TOO_LONG) {
        throw error;
      }
      return substitute(walk, path, "toJSON threw: " + clip(toMessage(error), 200));
    }
  }
  return encodeParts(value, brand, seen, walk, path, depth);
}

/** @param {any} value @param {string} brand @param {Seen} seen @param {Walk} walk @param {string} path @param {number} depth @returns {string | undefined} */
function encodeParts(value, brand, seen, walk, path, depth) {
  switch (brand) {
    case "Array":
      return encodeList(value, value.length, seen, walk, path, depth);
    case "TypedArray":
      return encodeList(value, typedArrayLength(value), seen, walk, path, depth);
    case "ArrayBuffer":
    case "DataView": {
      const bytes = viewBytes(value, brand);
      return encodeList(bytes, typedArrayLength(bytes), seen, walk, path, depth);
    }
    case "Map":
      return encodeMap(value, seen, walk, path, depth);
    case "Set": {
      const items = setPrototypeOf([], null);
      setForEach(value, (/** @type {unknown} */ item) => {
        items[items.length] = item;
      });
      return encodeList(items, items.length, seen, walk, path, depth);
    }
    case "Date":
      return isFiniteNumber(dateGetTime(value))
        ? spend(walk, stringify(dateToISOString(value)))
        : substitute(walk, path, "Invalid Date");
    case "RegExp":
      return spend(walk, stringify(regExpToString(value)));
    case "Promise":
      return substitute(walk, path, "Promise: not awaited");
    case "Iterator":
      return substitute(walk, path, stringSlice(objectToString(value), 8, -1) + ": use Array.from");
    case "Weak":
      return substitute(walk, path, stringSlice(objectToString(value), 8, -1));
    case "Boxed":
      return encodeWalk(unbox(value), seen, walk, path, depth + 1);
    default:
      return encodeProperties(value, brand, seen, walk, path, depth);
  }
}

/** @param {any} value @param {string} brand */
function viewBytes(value, brand) {
  return brand === "ArrayBuffer"
    ? new IntrinsicUint8Array(value)
    : new IntrinsicUint8Array(dataViewBuffer(value), dataViewByteOffset(value), dataViewByteLength(value));
}

/** @param {any} list @param {number} length @param {Seen} seen @param {Walk} walk @param {string} path @param {number} depth */
function encodeList(list, length, seen, walk, path, depth) {
  let text = "";
  for (let i = 0; i < length; i++) {
    const item = encodeSlot(list, i, seen, walk, path + "[" + i + "]", depth);
    text += "" + (i === 0 ? "" : ",") + (item ?? spend(walk, "null"));
  }
  return "[" + text + "]";
}

/** @param {any} holder @param {PropertyKey} key @param {Seen} seen @param {Walk} walk @param {string} path @param {number} depth */
function encodeSlot(holder, key, seen, walk, path, depth) {
  let item;
  try {
    item = holder[key];
  } catch (error) {
    return substitute(walk, path, "threw: " + clip(toMessage(error), 200));
  }
  return encodeWalk(item, seen, walk, path, depth + 1);
}

/** An object when every key is a string, a list of pairs otherwise. @param {any} map @param {Seen} seen @param {Walk} walk @param {string} path @param {number} depth */
function encodeMap(map, seen, walk, path, depth) {
  const pairs = setPrototypeOf([], null);
  let named = true;
  mapForEach(map, (/** @type {unknown} */ value, /** @type {unknown} */ key) => {
    named &&= typeof key === "string";
    pairs[pairs.length] = [key, value];
  });
  let text = "";
  for (let i = 0; i < pairs.length; i++) {
    const inner = path + "<" + i + ">";
    const key = encodeWalk(pairs[i][0], seen, walk, inner, depth + 1) ?? "null";
    const item = encodeWalk(pairs[i][1], seen, walk, inner, depth + 1) ?? "null";
    text += (i === 0 ? "" : ",") + (named ? key + ":" + item : "[" + key + "," + item + "]");
  }
  return named ? "{" + text + "}" : "[" + text + "]";
}

/** @param {any} value @param {string} brand @param {Seen} seen @param {Walk} walk @param {string} path @param {number} depth */
function encodeProperties(value, brand, seen, walk, path, depth) {
  let text = "";
  /** @param {string} key @param {string | undefined} item */
  const add = (key, item) => {
    if (item !== undefined) {
      text += "" + (text === "" ? "" : ",") + spend(walk, stringify(key)) + ":" + item;
    }
  };
  if (brand === "Error") {
    add("name", encodeWalk(peek(value, "name"), seen, walk, path, depth + 1));
    add("message", encodeWalk(peek(value, "message"), seen, walk, path, depth + 1));
    if (peek(value, "cause") !== undefined) {
      add("cause", encodeSlot(value, "cause", seen, walk, path + ".cause", depth));
    }
  }
  let keys;
  try {
    keys = objectKeys(value);
  } catch (error) {
    return substitute(walk, path, "threw: " + clip(toMessage(error), 200));
  }
  for (let i = 0; i < keys.length; i++) {
    const key = /** @type {string} */ (keys[i]);
    add(key, encodeSlot(value, key, seen, walk, path + "." + key, depth));
  }
  return "{" + text + "}";
}
