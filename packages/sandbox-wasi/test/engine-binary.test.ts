import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { enginePath } from "../src/pool/engine-modules.ts";
import { readU32, wasmSections } from "../src/vm/wasm-sections.ts";
import { withMemoryMaximum } from "../src/vm/with-memory-maximum.ts";
import { stateChanges } from "./binary/code-reader.ts";

// A reset copies linear memory and sets the stack pointer. That gives a fresh realm only while nothing else of an
// instance can change. When an upgrade of the engine makes one of these tests fail, resets are no longer sound:
// run with `freshInstance` until the reset copies what is new.

const bytes = new Uint8Array(readFileSync(enginePath()));
const sections = wasmSections(bytes);
const section = (id: number): { start: number; end: number } | undefined => {
  const found = sections.find((candidate) => candidate.id === id);
  return found === undefined ? undefined : { start: found.bodyStart, end: found.end };
};

test("the module has one memory and one table of its own, and imports only functions", async () => {
  expect(readU32(bytes, section(5)!.start).value).toBe(1);
  expect(readU32(bytes, section(4)!.start).value).toBe(1);
  const imports = WebAssembly.Module.imports(await WebAssembly.compile(bytes));
  expect(new Set(imports.map(({ kind }) => kind))).toEqual(new Set(["function"]));
  expect(imports.map(({ module, name }) => `${module}.${name}`).sort()).toEqual([
    "env.host_call",
    "env.host_get_timezone_offset",
    "env.host_interrupt",
    "env.host_module_load",
    "env.host_module_normalize",
    "env.host_promise_rejection",
    "wasi_snapshot_preview1.clock_time_get",
    "wasi_snapshot_preview1.fd_close",
    "wasi_snapshot_preview1.fd_fdstat_get",
    "wasi_snapshot_preview1.fd_seek",
    "wasi_snapshot_preview1.fd_write",
    "wasi_snapshot_preview1.random_get",
  ]);
});

test("its one changeable global is the exported stack pointer", () => {
  const count = readU32(bytes, section(6)!.start);
  expect(count.value).toBe(1);
  const type = bytes[count.next]!;
  const mutable = bytes[count.next + 1]!;
  expect([type, mutable]).toEqual([0x7f, 1]);
  const initial = readU32(bytes, count.next + 3);
  expect(bytes[count.next + 2]).toBe(0x41);
  // The stack grows down from here to 0, in front of everything else in memory.
  expect(initial.value).toBe(0x10_0000);
});

test("no code changes a table or a segment, and globals but the stack pointer are never set", () => {
  const changes = [...stateChanges(bytes, section(10)!.start)];
  expect(changes.length).toBeGreaterThan(100);
  const names = new Set(
    changes.map(({ name, operand }) => (name === "global.set" ? `${name} ${operand}` : name)),
  );
  const harmless = new Set(["global.set 0", "memory.grow", "memory.copy", "memory.fill"]);
  expect([...names].filter((name) => !harmless.has(name))).toEqual([]);
  expect(names).toContain("global.set 0");
});

test("it has no start function, and sections of known kinds only", () => {
  expect(section(8)).toBeUndefined();
  // Custom, type, import, function, table, memory, global, export, element, code, data, data count.
  const known = new Set([0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]);
  expect(sections.filter(({ id }) => !known.has(id))).toEqual([]);
});

test("a memory maximum is put in, and holds", async () => {
  const module = await WebAssembly.compile(withMemoryMaximum(bytes, 100));
  const stub = (): number => 0;
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = stub;
  }
  const memory = new WebAssembly.Instance(module, imports).exports["memory"] as WebAssembly.Memory;
  const pages = memory.buffer.byteLength / 65_536;
  expect(memory.grow(100 - pages)).toBe(pages);
  expect(() => memory.grow(1)).toThrow(RangeError);
  expect(() => withMemoryMaximum(bytes, 3)).toThrow(RangeError);
  expect(() => withMemoryMaximum(new Uint8Array([1, 2, 3]), 100)).toThrow(RangeError);
});
