// The intrinsics that the harness uses, taken before a program can change them. Nor may the harness use syntax that looks
// up a method: no iteration by `of`, no array pattern, no spread, and no template literal (quickjs calls `concat` for it).

const { apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
/** @type {(method: Function) => (self: any, ...args: any[]) => any} */
const uncurry = (method) => Function.prototype.call.bind(method);
/** @type {(proto: object, name: PropertyKey) => (self: any, ...args: any[]) => any} */
const uncurryGetter = (proto, name) =>
  uncurry(/** @type {Function} */ (getOwnPropertyDescriptor(proto, name)?.get));

const stringify = JSON.stringify;
const parseText = JSON.parse;
const dateNow = Date.now;
const floor = Math.floor;
const fromCharCode = String.fromCharCode;
const isArray = Array.isArray;
const isFiniteNumber = Number.isFinite;
const isInteger = Number.isInteger;
const toText = String;
const toNumber = Number;
const objectKeys = Object.keys;
const hasOwn = Object.hasOwn;
const setPrototypeOf = Object.setPrototypeOf;
const freeze = Object.freeze;

const IntrinsicPromise = Promise;
const IntrinsicError = Error;
const IntrinsicTypeError = TypeError;
const IntrinsicRangeError = RangeError;
const IntrinsicProxy = Proxy;
const IntrinsicMap = Map;
const IntrinsicSet = Set;
const IntrinsicDate = Date;
const IntrinsicRegExp = RegExp;
const IntrinsicArrayBuffer = ArrayBuffer;
const IntrinsicUint8Array = Uint8Array;
const IntrinsicUint32Array = Uint32Array;
const IntrinsicFunction = Function;
const objectPrototype = Object.prototype;
const arrayPrototype = Array.prototype;
const errorPrototype = Error.prototype;
const typedArrayPrototype = /** @type {object} */ (getPrototypeOf(Uint8Array.prototype));

const promiseThen = uncurry(Promise.prototype.then);
const functionToString = uncurry(Function.prototype.toString);
const objectToString = uncurry(Object.prototype.toString);
const stringSlice = uncurry(String.prototype.slice);
const stringSplit = uncurry(String.prototype.split);
const stringIncludes = uncurry(String.prototype.includes);
const stringIndexOf = uncurry(String.prototype.indexOf);
const stringCharCodeAt = uncurry(String.prototype.charCodeAt);
const stringToLowerCase = uncurry(String.prototype.toLowerCase);
const stringTrim = uncurry(String.prototype.trim);
const stringPadEnd = uncurry(String.prototype.padEnd);
const stringReplaceAll = uncurry(String.prototype.replaceAll);
const stringRepeat = uncurry(String.prototype.repeat);
const numberToString = uncurry(Number.prototype.toString);
const regExpExec = uncurry(RegExp.prototype.exec);
const regExpToString = uncurry(RegExp.prototype.toString);
const symbolToString = uncurry(Symbol.prototype.toString);
const bigintToString = uncurry(BigInt.prototype.toString);
const dateGetTime = uncurry(Date.prototype.getTime);
const dateToISOString = uncurry(Date.prototype.toISOString);
const mapForEach = uncurry(Map.prototype.forEach);
const mapGet = uncurry(Map.prototype.get);
const mapSet = uncurry(Map.prototype.set);
const mapSize = uncurryGetter(Map.prototype, "size");
const setAdd = uncurry(Set.prototype.add);
const setForEach = uncurry(Set.prototype.forEach);
const setSize = uncurryGetter(Set.prototype, "size");
const weakMapGet = uncurry(WeakMap.prototype.get);
const weakMapSet = uncurry(WeakMap.prototype.set);
const typedArrayTag = uncurryGetter(typedArrayPrototype, Symbol.toStringTag);
const typedArraySlice = uncurry(/** @type {any} */ (typedArrayPrototype).slice);
const typedArraySubarray = uncurry(/** @type {any} */ (typedArrayPrototype).subarray);
const typedArraySet = uncurry(/** @type {any} */ (typedArrayPrototype).set);
const typedArrayLength = uncurryGetter(typedArrayPrototype, "length");
const typedArrayBuffer = uncurryGetter(typedArrayPrototype, "buffer");
const typedArrayByteOffset = uncurryGetter(typedArrayPrototype, "byteOffset");
const typedArrayByteLength = uncurryGetter(typedArrayPrototype, "byteLength");
const arrayBufferByteLength = uncurryGetter(ArrayBuffer.prototype, "byteLength");
const arrayBufferSlice = uncurry(ArrayBuffer.prototype.slice);
const dataViewBuffer = uncurryGetter(DataView.prototype, "buffer");
const dataViewByteOffset = uncurryGetter(DataView.prototype, "byteOffset");
const dataViewByteLength = uncurryGetter(DataView.prototype, "byteLength");

/** Whether a call succeeds: the way to ask an object for its brand.
 * @param {(value: any) => unknown} method @param {unknown} value */
function accepts(method, value) {
  try {
    method(value);
    return true;
  } catch {
    return false;
  }
}

/** Defines a global that a program may replace. @param {string} name @param {unknown} value */
function expose(name, value) {
  defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

/** Text that fits into `room` characters. @param {string} text @param {number} room */
function clip(text, room) {
  return text.length <= room ? text : stringSlice(text, 0, room) + "… (" + text.length + " characters)";
}
