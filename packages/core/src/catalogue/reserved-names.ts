const words = (text: string): string[] => text.split(/\s+/u).filter(Boolean);

/** Names that no namespace may take: words of the language, and globals that a program has or expects. */
export const RESERVED_NAMESPACES: ReadonlySet<string> = new Set(
  words(`
    abstract any arguments as async await boolean break case catch class const continue debugger declare default delete do else
    enum eval export extends false finally for from function get if implements import in infer instanceof interface is keyof
    let module namespace never new null number object of package private protected public readonly require return satisfies
    set static string super switch symbol this throw true try type typeof undefined unique unknown using var void while with yield

    and assert def del elif except lambda nonlocal not or pass raise None True False

    tools vault outline show params session console context print fetch crypto performance process global globalThis self window document
    navigator exports Buffer name host guest

    setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate queueMicrotask structuredClone atob btoa
    URL URLSearchParams TextEncoder TextDecoder AbortController AbortSignal Blob File FormData Headers Request Response
    Event EventTarget MessageChannel MessagePort MessageEvent DOMException Crypto CryptoKey SubtleCrypto WebAssembly Worker
    ReadableStream WritableStream TransformStream ToolError

    Object Function Array Number String Boolean Symbol BigInt Math Date RegExp JSON Promise Proxy Reflect Map Set WeakMap WeakSet
    WeakRef FinalizationRegistry Iterator AsyncIterator Generator ArrayBuffer SharedArrayBuffer DataView Atomics Intl Temporal
    Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float16Array Float32Array Float64Array
    BigInt64Array BigUint64Array Error AggregateError EvalError RangeError ReferenceError SuppressedError SyntaxError TypeError
    URIError InternalError DisposableStack AsyncDisposableStack parseInt parseFloat isNaN isFinite NaN Infinity encodeURI
    encodeURIComponent decodeURI decodeURIComponent escape unescape

    __proto__ constructor prototype hasOwnProperty isPrototypeOf propertyIsEnumerable toString toLocaleString valueOf
  `),
);

/** Names that no tool's function may take: properties that every object has, and those that JavaScript calls by itself. */
export const RESERVED_TOOLS: ReadonlySet<string> = new Set(
  words(`
    then catch finally constructor prototype hasOwnProperty isPrototypeOf propertyIsEnumerable toString toLocaleString valueOf
    toJSON __proto__ __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__
  `),
);
