// What kind of built-in object a value is, whatever its prototype and tags claim.

const iteratorPrototype = /** @type {any} */ (globalThis).Iterator?.prototype;
const weakSetHas = uncurry(WeakSet.prototype.has);
const weakMapHas = uncurry(WeakMap.prototype.has);

const isPrototypeOf = uncurry(objectPrototype.isPrototypeOf);

/**
 * The brand of an object: Array, Map, Set, Date, RegExp, Error, Promise, TypedArray, ArrayBuffer, DataView, Iterator,
 * Weak, Boxed, or Object. A proxy is what its target's traps make it, mostly Object.
 * @param {any} value
 */
function brandOf(value) {
  let proto;
  try {
    if (isArray(value)) {
      return "Array";
    }
    proto = getPrototypeOf(value);
  } catch {
    return "Object";
  }
  if (proto === objectPrototype || proto === null) {
    return "Object";
  }
  if (isError(value)) {
    return "Error";
  }
  if (accepts(dateGetTime, value)) {
    return "Date";
  }
  if (accepts(mapSize, value)) {
    return "Map";
  }
  if (accepts(setSize, value)) {
    return "Set";
  }
  if (typedArrayTag(value) !== undefined) {
    return "TypedArray";
  }
  if (accepts(arrayBufferByteLength, value)) {
    return "ArrayBuffer";
  }
  if (accepts(dataViewByteLength, value)) {
    return "DataView";
  }
  if (isRegExp(value)) {
    return "RegExp";
  }
  if (isPromise(value)) {
    return "Promise";
  }
  if (accepts((it) => weakMapHas(it, it), value) || accepts((it) => weakSetHas(it, it), value)) {
    return "Weak";
  }
  if (unbox(value) !== undefined) {
    return "Boxed";
  }
  return iteratorPrototype !== undefined && isPrototypeOf(iteratorPrototype, value) ? "Iterator" : "Object";
}

const regExpSource = uncurryGetter(RegExp.prototype, "source");

/** @param {unknown} value */
function isRegExp(value) {
  return value !== IntrinsicRegExp.prototype && accepts(regExpSource, value);
}

/** @param {unknown} value */
function isPromise(value) {
  return value instanceof IntrinsicPromise;
}

const numberValueOf = uncurry(Number.prototype.valueOf);
const stringValueOf = uncurry(String.prototype.valueOf);
const booleanValueOf = uncurry(Boolean.prototype.valueOf);
const bigintValueOf = uncurry(BigInt.prototype.valueOf);
const symbolValueOf = uncurry(Symbol.prototype.valueOf);

/** The primitive inside a wrapper object. @param {unknown} value */
function unbox(value) {
  if (accepts(numberValueOf, value)) {
    return numberValueOf(value);
  }
  if (accepts(stringValueOf, value)) {
    return stringValueOf(value);
  }
  if (accepts(booleanValueOf, value)) {
    return booleanValueOf(value);
  }
  if (accepts(bigintValueOf, value)) {
    return bigintValueOf(value);
  }
  return accepts(symbolValueOf, value) ? symbolValueOf(value) : undefined;
}
