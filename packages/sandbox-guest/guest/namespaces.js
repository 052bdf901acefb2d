// The objects through which a program reaches tools.

/** Names that only the harness may define. */
const RESERVED = freeze({
  __proto__: null,
  tools: true,
  vault: true,
  session: true,
  outline: true,
  show: true,
  console: true,
  globalThis: true,
});

/**
 * An object whose every property is an async function. Only the listed tools are enumerated.
 * @param {string} name @param {string} listText a JSON array of names, parsed when it is first asked for
 */
function createNamespace(name, listText) {
  const functions = setPrototypeOf({}, null);
  /** @type {Record<string, true> | undefined} */
  let listed;
  const list = () => {
    if (listed === undefined) {
      listed = /** @type {Record<string, true>} */ (setPrototypeOf({}, null));
      const names = parseText(listText);
      for (let i = 0; i < names.length; i++) {
        listed[names[i]] = true;
      }
    }
    return listed;
  };
  /** @param {PropertyKey} key */
  const toolFunction = (key) => {
    // An awaited or serialised namespace is no call of a tool named then or toJSON, unless there is one.
    if (typeof key !== "string" || ((key === "then" || key === "toJSON") && list()[key] === undefined)) {
      return undefined;
    }
    return (functions[key] ??= createTool(name + "." + key));
  };
  const proxy = new IntrinsicProxy(setPrototypeOf({}, null), {
    get: (_target, key) => toolFunction(key),
    has: (_target, key) => typeof key === "string" && list()[key] === true,
    ownKeys: () => ownKeys(list()),
    getOwnPropertyDescriptor: (_target, key) =>
      typeof key === "string" && list()[key] === true
        ? { value: toolFunction(key), enumerable: true, configurable: true, writable: false }
        : undefined,
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
    setPrototypeOf: () => false,
    preventExtensions: () => false,
  });
  weakMapSet(namespaceNames, proxy, name);
  return proxy;
}

/** @param {string} name */
function createTool(name) {
  return (/** @type {unknown[]} */ ...args) => hostCall(name, args);
}

/** @param {string} name @param {string} list names with ", " between */
function createFixed(name, list) {
  /** @type {Record<string, unknown>} */
  const namespace = {};
  const names = stringSplit(list, ", ");
  for (let i = 0; i < names.length; i++) {
    const key = names[i];
    defineProperty(namespace, key, { value: createTool(name + "." + key), enumerable: true });
  }
  weakMapSet(namespaceNames, freeze(namespace), list);
  return namespace;
}

const tools = createFixed("tools", "search, describe, call, parse, show");
const vault = createFixed("vault", "open, slice, select, grep");
const session = createFixed("session", "get, set, delete, keys");

/** @param {string} name @param {unknown} value */
function exposeFixed(name, value) {
  defineProperty(globalThis, name, { value, writable: false, configurable: false, enumerable: true });
}
exposeFixed("tools", tools);
exposeFixed("vault", vault);
exposeFixed("session", session);
exposeFixed("show", tools["show"]);
