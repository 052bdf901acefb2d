import { createRequire } from "node:module";

// wabt is CommonJS whose types say otherwise.
const wabt = await (createRequire(import.meta.url)("wabt") as typeof import("wabt"))();

const FEATURES = {
  threads: true,
  memory64: true,
  multi_memory: true,
  exceptions: true,
  reference_types: true,
};

const I = (count: number): string => `(param${" i32".repeat(count)}) (result i32)`;
const IMPORTS: Readonly<Record<string, string>> = {
  fd_write: I(4),
  fd_read: I(4),
  fd_pwrite: "(param i32 i32 i32 i64 i32) (result i32)",
  fd_allocate: "(param i32 i64 i64) (result i32)",
  fd_filestat_set_size: "(param i32 i64) (result i32)",
  fd_readdir: "(param i32 i32 i32 i64 i32) (result i32)",
  fd_close: I(1),
  path_open: "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)",
  path_symlink: I(5),
  path_create_directory: I(3),
  path_unlink_file: I(3),
  path_rename: I(6),
  path_link: I(7),
  random_get: I(2),
  poll_oneoff: I(4),
  proc_exit: "(param i32)",
};

/** What the texts of commands may call. */
const PRELUDE = `
  ${Object.entries(IMPORTS)
    .map(([name, type]) => `(import "wasi_snapshot_preview1" "${name}" (func $${name} ${type}))`)
    .join("\n")}
  ;; Opens a path for reading and writing; the descriptor goes to 1024.
  (func $open (param $at i32) (param $length i32) (param $flags i32) (result i32)
    (call $path_open (i32.const 3) (i32.const 0) (local.get $at) (local.get $length) (local.get $flags)
      (select (i64.const 0) (i64.const 66) (i32.and (local.get $flags) (i32.const 2))) (i64.const 0) (i32.const 0) (i32.const 1024)))
  (func $fd (result i32) (i32.load (i32.const 1024)))
  ;; Ends with an error number, unless it is none.
  (func $try (param i32) (if (local.get 0) (then (call $proc_exit (local.get 0)))))
  ;; Writes a buffer of the memory.
  (func $write (param $to i32) (param $at i32) (param $length i32) (result i32)
    (i32.store (i32.const 512) (local.get $at)) (i32.store (i32.const 516) (local.get $length))
    (call $fd_write (local.get $to) (i32.const 512) (i32.const 1) (i32.const 520)))
  ;; Puts the next of many names of eight letters at 0.
  (global $n (mut i32) (i32.const 0))
  (func $name (local $i i32)
    (global.set $n (i32.add (global.get $n) (i32.const 1)))
    (loop $l
      (i32.store8 (local.get $i) (i32.add (i32.const 97) (i32.and (i32.const 15)
        (i32.shr_u (global.get $n) (i32.mul (local.get $i) (i32.const 4))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (i32.const 8)))))`;

/** Assembles WebAssembly text, without checking that it is valid. */
export function assemble(text: string): Uint8Array {
  const module = wabt.parseWat("test.wat", text, FEATURES);
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

/** A command of a start function's text, with what the prelude has. `text` stands at 0 of its memory. */
export function command(start: string, { memory = "1", more = "", text = "" } = {}): Uint8Array {
  return assemble(`(module ${PRELUDE}
    (memory (export "memory") ${memory}) (data (i32.const 0) "${text}") ${more} (func (export "_start") ${start}))`);
}
