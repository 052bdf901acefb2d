// structuredClone for everything that a program can hold; functions, symbols and promises throw as they do elsewhere.

const GuestDOMException = /** @type {any} */ (globalThis).DOMException;

/** @param {unknown} value */
function cannotClone(value) {
  const message = clip(inspect(value), 80) + " could not be cloned.";
  return GuestDOMException === undefined
    ? new IntrinsicTypeError(message)
    : new GuestDOMException(message, "DataCloneError");
}

/** @param {any} value @param {Map<object, object>} memory @returns {any} */
function cloneValue(value, memory) {
  if (typeof value === "function" || typeof value === "symbol") {
    throw cannotClone(value);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const known = mapGet(memory, value);
  if (known !== undefined) {
    return known;
  }
  if (weakMapGet(namespaceNames, value) !== undefined) {
    throw cannotClone(value);
  }
  const brand = brandOf(value);
  const copy = emptyCopy(value, brand, memory);
  mapSet(memory, value, copy);
  if (brand === "Map") {
    mapForEach(value, (/** @type {unknown} */ item, /** @type {unknown} */ key) => {
      mapSet(copy, cloneValue(key, memory), cloneValue(item, memory));
    });
  } else if (brand === "Set") {
    setForEach(value, (/** @type {unknown} */ item) => {
      setAdd(copy, cloneValue(item, memory));
    });
  } else if (brand === "Array" || brand === "Object") {
    const keys = objectKeys(value);
    for (let i = 0; i < keys.length; i++) {
      const key = /** @type {string} */ (keys[i]);
      defineProperty(copy, key, {
        value: cloneValue(value[key], memory),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  }
  return copy;
}

/** @param {any} value @param {string} brand @param {Map<object, object>} memory @returns {any} */
function emptyCopy(value, brand, memory) {
  switch (brand) {
    case "Array": {
      /** @type {unknown[]} */
      const list = [];
      list.length = value.length;
      return list;
    }
    case "Object":
      return {};
    case "Map":
      return new IntrinsicMap();
    case "Set":
      return new IntrinsicSet();
    case "Date":
      return new IntrinsicDate(dateGetTime(value));
    case "RegExp":
      return new IntrinsicRegExp(value.source, value.flags);
    case "ArrayBuffer":
      return arrayBufferSlice(value, 0);
    case "TypedArray":
      return typedArraySlice(value);
    case "DataView":
      return new DataView(
        cloneValue(dataViewBuffer(value), memory),
        dataViewByteOffset(value),
        dataViewByteLength(value),
      );
    case "Error":
      return cloneError(value, memory);
    case "Boxed":
      return Object(unbox(value));
    default:
      throw cannotClone(value);
  }
}

/** @type {any} */
const CLONED_ERRORS = freeze({
  __proto__: null,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
});

/** @param {any} error @param {Map<object, object>} memory */
function cloneError(error, memory) {
  const Kind = CLONED_ERRORS[toText(peek(error, "name"))] ?? IntrinsicError;
  const copy = new Kind(toText(peek(error, "message")));
  defineProperty(copy, "stack", { value: peek(error, "stack"), writable: true, configurable: true });
  if (hasOwn(error, "cause")) {
    defineProperty(copy, "cause", {
      value: cloneValue(error.cause, memory),
      writable: true,
      configurable: true,
    });
  }
  return copy;
}

expose("structuredClone", (/** @type {unknown} */ value) => cloneValue(value, new IntrinsicMap()));
