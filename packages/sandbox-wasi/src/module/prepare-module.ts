import { PAGE_BYTES } from "../vm/with-memory-maximum.ts";
import { readU32, wasmSections, writeU32, type WasmSection } from "../vm/wasm-sections.ts";
import { checkImports } from "./check-imports.ts";
import { ModuleRefused } from "./module-refused.ts";
import { readTypes } from "./read-types.ts";

const TYPES = 1;
const IMPORTS = 2;
const TABLES = 4;
const MEMORIES = 5;
const EXPORTS = 7;
const ELEMENTS = 9;

const MOST_EXPORTS = 65_536;
/** An element takes at least one byte of its section, and some in the host's memory. */
const MOST_ELEMENT_BYTES = 4 * 1024 * 1024;
/** Entries of all tables together. */
const MOST_TABLE_ENTRIES = 1024 * 1024;
const MOST_TABLES = 16;
const FUNCTION_REFERENCE = 0x70;
const EXTERN_REFERENCE = 0x6f;

/**
 * Checks that a module is a plain preview1 command, and gives its memory and tables a maximum. What the checks leave
 * out, such as objects of the engine's heap, has no limit that this package could hold. Throws `ModuleRefused`.
 */
export function prepareModule(bytes: Uint8Array<ArrayBuffer>, memoryBytes: number): Uint8Array<ArrayBuffer> {
  try {
    const sections = wasmSections(bytes);
    const types = readTypes(bytes, only(sections, TYPES));
    checkImports(bytes, only(sections, IMPORTS), types);
    checkSizes(bytes, sections);
    const edits = [
      editMemory(bytes, only(sections, MEMORIES), Math.floor(memoryBytes / PAGE_BYTES)),
      editTables(bytes, only(sections, TABLES)),
    ];
    return withEdits(
      bytes,
      edits.filter((edit) => edit !== undefined),
    );
  } catch (error) {
    if (error instanceof RangeError) {
      throw new ModuleRefused("invalid_params", error.message);
    }
    throw error;
  }
}

interface Edit {
  readonly section: WasmSection;
  readonly body: readonly number[];
}

function only(sections: readonly WasmSection[], id: number): WasmSection | undefined {
  const found = sections.filter((section) => section.id === id);
  if (found.length > 1) {
    throw new RangeError(`The module has section ${id} twice.`);
  }
  return found[0];
}

function checkSizes(bytes: Uint8Array, sections: readonly WasmSection[]): void {
  const exported = only(sections, EXPORTS);
  if (exported !== undefined && readU32(bytes, exported.bodyStart).value > MOST_EXPORTS) {
    throw new RangeError(`The module has over ${MOST_EXPORTS} exports.`);
  }
  const elements = only(sections, ELEMENTS);
  if (elements !== undefined && elements.end - elements.bodyStart > MOST_ELEMENT_BYTES) {
    throw new RangeError(`The module's element section takes over ${MOST_ELEMENT_BYTES} bytes.`);
  }
}

function editMemory(bytes: Uint8Array, section: WasmSection | undefined, mostPages: number): Edit {
  const count = section === undefined ? undefined : readU32(bytes, section.bodyStart);
  if (section === undefined || count!.value !== 1) {
    throw new RangeError("The module must define exactly one memory.");
  }
  const flags = bytes[count!.next];
  if (flags !== 0 && flags !== 1) {
    throw new RangeError("The module's memory must be a plain 32-bit one: not shared, not 64-bit.");
  }
  const minimum = readU32(bytes, count!.next + 1);
  const declared = flags === 1 ? readU32(bytes, minimum.next).value : Infinity;
  if (minimum.value > mostPages) {
    throw new ModuleRefused("memory_limit", `the module starts with ${minimum.value * PAGE_BYTES} bytes`);
  }
  const maximum = Math.max(minimum.value, Math.min(declared, mostPages));
  return { section, body: [1, 1, ...writeU32(minimum.value), ...writeU32(maximum)] };
}

function editTables(bytes: Uint8Array, section: WasmSection | undefined): Edit | undefined {
  if (section === undefined) {
    return undefined;
  }
  const count = readU32(bytes, section.bodyStart);
  if (count.value > MOST_TABLES) {
    throw new RangeError(`The module has over ${MOST_TABLES} tables.`);
  }
  const tables: { type: number; minimum: number; declared: number }[] = [];
  let at = count.next;
  for (let i = 0; i < count.value; i++) {
    const type = bytes[at]!;
    const flags = bytes[at + 1];
    if ((type !== FUNCTION_REFERENCE && type !== EXTERN_REFERENCE) || (flags !== 0 && flags !== 1)) {
      throw new RangeError("The module's tables must be plain ones of functions or external references.");
    }
    const minimum = readU32(bytes, at + 2);
    const maximum = flags === 1 ? readU32(bytes, minimum.next) : { value: Infinity, next: minimum.next };
    tables.push({ type, minimum: minimum.value, declared: maximum.value });
    at = maximum.next;
  }
  const spare = MOST_TABLE_ENTRIES - tables.reduce((sum, { minimum }) => sum + minimum, 0);
  if (spare < 0) {
    throw new RangeError(`The module's tables start with over ${MOST_TABLE_ENTRIES} entries.`);
  }
  const growth = Math.floor(spare / Math.max(1, tables.length));
  const body = tables.flatMap(({ type, minimum, declared }) => {
    const maximum = Math.max(minimum, Math.min(declared, minimum + growth));
    return [type, 1, ...writeU32(minimum), ...writeU32(maximum)];
  });
  return { section, body: [...writeU32(tables.length), ...body] };
}

function withEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { section, body } of edits.toSorted((a, b) => a.section.start - b.section.start)) {
    const changed = Uint8Array.from([section.id, ...writeU32(body.length), ...body]);
    parts.push(bytes.subarray(from, section.start), changed);
    from = section.end;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}
