const NAMES = `Array Boolean BigInt Date Error JSON Map Math Number Object Promise Proxy Reflect RegExp Set String Symbol WeakMap
  undefined NaN Infinity eval Function globalThis console setTimeout clearTimeout URL TextEncoder TextDecoder crypto outline
  structuredClone tools vault parseInt parseFloat isNaN encodeURIComponent atob btoa`;

/** Names of a guest's globals. In the engine they come from the guest itself. */
export const GLOBALS: ReadonlySet<string> = new Set(NAMES.split(/\s+/));
