import { readU32, type WasmSection } from "../vm/wasm-sections.ts";
import { SIGNATURES } from "./preview1/signatures.ts";

const MODULE = "wasi_snapshot_preview1";
const FUNCTION = 0;
const MOST_IMPORTS = 1_000;
const SHOWN = 60;

/** Checks that a module imports functions of preview1 with their own types, and nothing else. Throws RangeError. */
export function checkImports(
  bytes: Uint8Array,
  section: WasmSection | undefined,
  types: readonly string[],
): void {
  if (section === undefined) {
    return;
  }
  const count = readU32(bytes, section.bodyStart);
  if (count.value > MOST_IMPORTS) {
    throw new RangeError(`The module has over ${MOST_IMPORTS} imports.`);
  }
  let at = count.next;
  const name = (): string => {
    const size = readU32(bytes, at);
    at = size.next + size.value;
    return Buffer.from(bytes.subarray(size.next, Math.min(at, size.next + SHOWN))).toString("utf8");
  };
  for (let i = 0; i < count.value; i++) {
    const from = name();
    const field = name();
    const kind = bytes[at++];
    const type = readU32(bytes, at);
    at = type.next;
    const shown = JSON.stringify(`${from}.${field}`);
    if (from !== MODULE) {
      throw new RangeError(
        `The module imports ${shown}. Only functions of ${MODULE} are offered.${hint(from)}`,
      );
    }
    if (kind !== FUNCTION || !Object.hasOwn(SIGNATURES, field)) {
      throw new RangeError(`The module imports ${shown}, which is no function of preview1.`);
    }
    const result = field === "proc_exit" ? "" : "i";
    const expected = `${SIGNATURES[field as keyof typeof SIGNATURES]}:${result}`;
    if (types[type.value] !== expected) {
      throw new RangeError(`The module imports ${shown} with a type that is not its own.`);
    }
  }
}

function hint(from: string): string {
  if (from === "wasi_unstable") {
    return " It was built for an older WASI: build it for wasm32-wasip1.";
  }
  return from.startsWith("wasi:") ? " It was built for preview2: build it for wasm32-wasip1." : "";
}
