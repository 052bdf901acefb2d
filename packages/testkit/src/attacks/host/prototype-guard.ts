const GUARDED: readonly object[] = [
  Object,
  Function,
  Array,
  Promise,
  String,
  Number,
  RegExp,
  Map,
  Set,
  Error,
  JSON,
  Reflect,
  globalThis,
].flatMap((one) => ("prototype" in one ? [one, one.prototype as object] : [one]));

/** Notes the builtins of this realm; the answer tells the first one that has changed since. */
export function guardPrototypes(): () => string | undefined {
  const before = GUARDED.map(describe);
  return () => {
    const at = GUARDED.findIndex((one, index) => one !== globalThis && describe(one) !== before[index]);
    return at < 0 ? undefined : `a builtin of the host was changed: ${describe(GUARDED[at]!).slice(0, 80)}`;
  };
}

const ids = new WeakMap<object, number>();
let lastId = 0;

/** Names of its properties, with an id for each function and object. */
function describe(one: object): string {
  return Reflect.ownKeys(one)
    .map((key) => {
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(one, key)!;
      return `${String(key)}:${[value, get, set].map(idOf).join("/")}`;
    })
    .join(",");
}

function idOf(value: unknown): number {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return 0;
  const known = ids.get(value) ?? ++lastId;
  ids.set(value, known);
  return known;
}
