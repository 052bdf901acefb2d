import type { ModuleRunOptions } from "@mcp-optimizer/sandbox-wasi";
import { assemble, command } from "./assemble.ts";

/** A module that tries something, and how it must end: a code of failure, or an exit code. */
export interface Attack {
  readonly module: () => Uint8Array;
  readonly end: string | number;
  readonly options?: ModuleRunOptions;
}

const FOREVER = "(loop $l (br $l))";
const forever = (body: string): string => `(loop $again ${body} (br $again))`;
/** Error numbers of preview1. */
const TOO_BIG = 22;
const FAULT = 21;
const ILLEGAL = 25;
const INVALID = 28;
const IS_DIRECTORY = 31;
const LOOP = 32;
const TOO_MANY_OPEN = 33;
const TOO_LONG = 37;
const NO_SPACE = 51;
const NOT_PERMITTED = 63;
const NOT_CAPABLE = 76;

const bare = (text: string): Uint8Array => assemble(`(module ${text})`);
const START = `(func (export "_start"))`;
const openPath = (path: string, length: number, flags = 1): Uint8Array =>
  command(`(call $try (call $open (i32.const 0) (i32.const ${length}) (i32.const ${flags})))`, {
    text: path,
  });

const time: Record<string, Attack> = {
  "an infinite loop": { module: () => command(FOREVER), end: "cpu_limit" },
  "a start function that loops": {
    module: () => command("", { more: `(func $s ${FOREVER}) (start $s)` }),
    end: "cpu_limit",
  },
  "a loop of calls": {
    module: () => command(forever("(drop (call $fd_close (i32.const 99)))")),
    end: "cpu_limit",
  },
  "an exit that it catches, and a loop": {
    module: () => command(`(try (do (call $proc_exit (i32.const 7))) (catch_all)) ${FOREVER}`),
    end: "cpu_limit",
  },
  "an exit that it catches, and a call": {
    module: () =>
      command(`(try (do (call $proc_exit (i32.const 7))) (catch_all)) (drop (call $fd_close (i32.const 9)))`),
    end: 7,
  },
  "an hour of sleep": {
    module: () =>
      command(
        `(i64.store (i32.const 24) (i64.const 3600000000000)) (i32.store (i32.const 16) (i32.const 1))
         (call $try (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))`,
      ),
    options: { limits: { wallMs: 300 } },
    end: "timeout",
  },
  "an hour of sleep from the start function": {
    module: () =>
      command("", {
        more: `(func $s (drop (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))) ${FOREVER}) (start $s)`,
      }),
    end: "cpu_limit",
  },
  "randomness without end": {
    module: () =>
      command(forever("(drop (call $random_get (i32.const 0) (i32.const 8388608)))"), { memory: "128" }),
    end: "cpu_limit",
  },
};

const memory: Record<string, Attack> = {
  "a loop that grows memory": {
    module: () => command(forever("(drop (memory.grow (i32.const 1)))")),
    end: "cpu_limit",
  },
  "memory until none is left": {
    module: () =>
      command(`(loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable`),
    end: "memory_limit",
  },
  "all memory from the start": { module: () => command("", { memory: "65536" }), end: "memory_limit" },
  "a table that grows until it may not": {
    module: () =>
      command(
        `(loop $l (br_if $l (i32.ne (table.grow $t (ref.null func) (i32.const 65536)) (i32.const -1))))
         (call $try (i32.shr_u (table.size $t) (i32.const 16)))`,
        { more: "(table $t 0 funcref)" },
      ),
    end: 16,
  },
  "a table that starts huge": {
    module: () => command("", { more: "(table 9000000 funcref)" }),
    end: "invalid_params",
  },
  "a hundred tables": {
    module: () => command("", { more: "(table 9 funcref)".repeat(100) }),
    end: "invalid_params",
  },
  "recursion without end": {
    module: () => command("(call $r)", { more: "(func $r (call $r) (call $r))" }),
    end: "program_failed",
  },
  "recursion that it catches, without end": {
    module: () =>
      command(forever("(try (do (call $r)) (catch_all))"), { more: "(func $r (call $r) (call $r))" }),
    end: "program_failed|cpu_limit",
  },
  "a trap": { module: () => command("unreachable"), end: "program_failed" },
  "an exception that nothing catches": {
    module: () => command("(throw $e)", { more: "(tag $e)" }),
    end: "program_failed",
  },
};

const compiler: Record<string, Attack> = {
  "frames of 45,000 locals": {
    module: () =>
      command("(call $f)", {
        more: `(func $f (local${" i64".repeat(45_000)}) (local.set 7 (i64.const 1)))`.repeat(1),
      }),
    end: 0,
  },
  "too many locals": {
    module: () => command("", { more: `(func (local${" i64".repeat(60_000)}))` }),
    end: "invalid_params",
  },
  "200,000 functions": {
    module: () => command("", { more: "(func)".repeat(200_000) }),
    end: 0,
  },
  "one function of a million instructions, run until it is optimised": {
    module: () =>
      command(forever("(drop (call $f (i32.const 1)))"), {
        more: `(func $f (param i32) (result i32) local.get 0 ${"i32.const 3 i32.mul ".repeat(500_000)})`,
      }),
    options: { limits: { cpuMs: 1_000 } },
    end: "cpu_limit",
  },
  "70,000 exports": {
    module: () =>
      command("", {
        more: Array.from({ length: 70_000 }, (_, i) => `(export "e${i}" (func $try))`).join(""),
      }),
    end: "invalid_params",
  },
};

const files: Record<string, Attack> = {
  "a flood of output": {
    module: () => command(forever("(drop (call $write (i32.const 1) (i32.const 0) (i32.const 65536)))")),
    end: "output_limit",
  },
  "one write of 1,024 times the memory": {
    module: () =>
      command(
        `(local $i i32) (loop $l (i32.store offset=2052 (local.get $i) (i32.const 1048576))
           (local.set $i (i32.add (local.get $i) (i32.const 8))) (br_if $l (i32.lt_u (local.get $i) (i32.const 8192))))
         (call $try (call $fd_write (i32.const 2) (i32.const 2048) (i32.const 1024) (i32.const 16000)))`,
        { memory: "17" },
      ),
    end: "output_limit",
  },
  "more buffers than there may be": {
    module: () =>
      command(`(call $try (call $fd_write (i32.const 1) (i32.const 0) (i32.const -1) (i32.const 8)))`),
    end: INVALID,
  },
  "a buffer that wraps around": {
    module: () => command(`(call $try (call $write (i32.const 1) (i32.const -16) (i32.const -1)))`),
    end: FAULT,
  },
  "a result outside of its memory": {
    module: () =>
      command(`(call $try (call $fd_read (i32.const 0) (i32.const 0) (i32.const 0) (i32.const -2)))`),
    end: FAULT,
  },
  "descriptors without end": {
    module: () =>
      command(forever("(call $try (call $open (i32.const 0) (i32.const 1) (i32.const 1)))"), { text: "f" }),
    end: TOO_MANY_OPEN,
  },
  "a file without end": {
    module: () =>
      command(
        `(call $try (call $open (i32.const 0) (i32.const 1) (i32.const 1)))
         ${forever("(call $try (call $write (call $fd) (i32.const 0) (i32.const 60000)))")}`,
        { text: "f" },
      ),
    end: NO_SPACE,
  },
  "files without names, kept open": {
    module: () =>
      command(
        forever(`(call $try (call $open (i32.const 0) (i32.const 1) (i32.const 1)))
          (call $try (call $write (call $fd) (i32.const 0) (i32.const 120000)))
          (call $try (call $path_unlink_file (i32.const 3) (i32.const 0) (i32.const 1)))`),
        { text: "f", memory: "2" },
      ),
    end: NO_SPACE,
  },
  "a file of 8 EiB by one write far away": {
    module: () =>
      command(
        `(call $try (call $open (i32.const 0) (i32.const 1) (i32.const 1))) (i32.store (i32.const 516) (i32.const 8))
         (call $try (call $fd_pwrite (call $fd) (i32.const 512) (i32.const 1) (i64.const 0x7fffffffffffff00) (i32.const 520)))`,
        { text: "f" },
      ),
    end: TOO_BIG,
  },
  "a file of 1 TiB by its size": {
    module: () =>
      command(
        `(call $try (call $open (i32.const 0) (i32.const 1) (i32.const 1)))
         (call $try (call $fd_filestat_set_size (call $fd) (i64.const 0x10000000000)))`,
        { text: "f" },
      ),
    end: NO_SPACE,
  },
  "1 TiB for a file, allocated": {
    module: () =>
      command(
        `(call $try (call $open (i32.const 0) (i32.const 1) (i32.const 1)))
         (call $try (call $fd_allocate (call $fd) (i64.const 0) (i64.const 0x10000000000)))`,
        { text: "f" },
      ),
    end: NO_SPACE,
  },
  "files without end": {
    module: () =>
      command(
        forever(`(call $name) (call $try (call $open (i32.const 0) (i32.const 8) (i32.const 1)))
                 (call $try (call $fd_close (call $fd)))`),
      ),
    end: NO_SPACE,
  },
  "names of one file without end": {
    module: () =>
      command(
        `(i32.store (i32.const 100) (i32.const 0x66)) (call $try (call $open (i32.const 100) (i32.const 1) (i32.const 1)))
         ${forever("(call $name) (call $try (call $path_link (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 3) (i32.const 0) (i32.const 8)))")}`,
      ),
    end: NO_SPACE,
  },
  "directories in directories without end": {
    module: () =>
      command(
        `(local $length i32) (local.set $length (i32.const 1)) (i32.store8 (i32.const 0) (i32.const 100))
         ${forever(`(call $try (call $path_create_directory (i32.const 3) (i32.const 0) (local.get $length)))
           (i32.store8 (local.get $length) (i32.const 47)) (i32.store8 offset=1 (local.get $length) (i32.const 100))
           (local.set $length (i32.add (local.get $length) (i32.const 2)))`)}`,
      ),
    end: TOO_LONG,
  },
  "a directory moved into itself": {
    module: () =>
      command(
        `(call $try (call $path_create_directory (i32.const 3) (i32.const 0) (i32.const 1)))
         (call $try (call $path_rename (i32.const 3) (i32.const 0) (i32.const 1) (i32.const 3) (i32.const 0) (i32.const 3)))`,
        { text: "d/e" },
      ),
    end: INVALID,
  },
  "links in a ring": {
    module: () =>
      command(
        `(call $try (call $path_symlink (i32.const 0) (i32.const 1) (i32.const 3) (i32.const 1) (i32.const 1)))
         (call $try (call $path_symlink (i32.const 1) (i32.const 1) (i32.const 3) (i32.const 0) (i32.const 1)))
         (call $try (call $path_open (i32.const 3) (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 1024)))`,
        { text: "ab" },
      ),
    end: LOOP,
  },
  "a link to /etc": {
    module: () =>
      command(
        `(call $try (call $path_symlink (i32.const 0) (i32.const 4) (i32.const 3) (i32.const 1) (i32.const 3)))`,
        {
          text: "/etc",
        },
      ),
    end: NOT_PERMITTED,
  },
  "a link out by ..": {
    module: () =>
      command(
        `(call $try (call $path_symlink (i32.const 0) (i32.const 9) (i32.const 3) (i32.const 20) (i32.const 1)))
         (call $try (call $open (i32.const 20) (i32.const 8) (i32.const 0)))`,
        { text: "../../../\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00l/passwd" },
      ),
    end: NOT_CAPABLE,
  },
  "an absolute path": { module: () => openPath("/etc/passwd", 11), end: NOT_CAPABLE },
  "a path out by ..": { module: () => openPath("a/../../etc/passwd", 18), end: "44|76" },
  "a path of .. alone": { module: () => openPath("..", 2, 2), end: NOT_CAPABLE },
  "a path with NUL": { module: () => openPath("a\\00b", 3), end: ILLEGAL },
  "a path that is no UTF-8": { module: () => openPath("a\\ff\\fe", 3), end: ILLEGAL },
  "a name of 300 letters": { module: () => openPath("n".repeat(300), 300), end: TOO_LONG },
  "a path of the whole memory": { module: () => openPath("", 65_536), end: TOO_LONG },
  "the root for writing": { module: () => openPath(".", 1, 0), end: IS_DIRECTORY },
  "names of prototypes": {
    module: () =>
      command(
        `(call $try (call $path_create_directory (i32.const 3) (i32.const 0) (i32.const 9)))
         (call $try (call $open (i32.const 0) (i32.const 21) (i32.const 5)))`,
        { text: "__proto__/constructor" },
      ),
    end: 0,
  },
};

const shapes: Record<string, Attack> = {
  "no WebAssembly": { module: () => new TextEncoder().encode("#!/bin/sh\nid\n"), end: "invalid_params" },
  "nothing at all": { module: () => new Uint8Array(), end: "invalid_params" },
  "a component": {
    module: () => new Uint8Array([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]),
    end: "invalid_params",
  },
  "half a module": { module: () => command(FOREVER).subarray(0, 200), end: "invalid_params" },
  "too many sections": {
    module: () => Buffer.concat([bare(""), Buffer.from("000100".repeat(20_000), "hex")]),
    end: "invalid_params",
  },
  "no _start": { module: () => bare(`(memory (export "memory") 1)`), end: "invalid_params" },
  "a _start that is no function": {
    module: () => bare(`(memory (export "memory") 1) (global (export "_start") i32 (i32.const 0))`),
    end: "invalid_params",
  },
  "no memory": { module: () => bare(START), end: "invalid_params" },
  "a memory under another name": {
    module: () => bare(`(memory (export "mem") 1) ${START}`),
    end: "invalid_params",
  },
  "two memories": {
    module: () => bare(`(memory (export "memory") 1) (memory 1) ${START}`),
    end: "invalid_params",
  },
  "a shared memory": {
    module: () => bare(`(memory (export "memory") 1 2 shared) ${START}`),
    end: "invalid_params",
  },
  "a 64-bit memory": {
    module: () => bare(`(memory (export "memory") i64 1) ${START}`),
    end: "invalid_params",
  },
  "a memory of the host": {
    module: () =>
      bare(`(import "wasi_snapshot_preview1" "memory" (memory 1)) (export "memory" (memory 0)) ${START}`),
    end: "invalid_params",
  },
  "an import of env": { module: () => bare(`(import "env" "eval" (func)) ${START}`), end: "invalid_params" },
  "an import of preview2": {
    module: () => bare(`(import "wasi:cli/run@0.2.0" "run" (func)) ${START}`),
    end: "invalid_params",
  },
  "an import named __proto__": {
    module: () => bare(`(import "wasi_snapshot_preview1" "__proto__" (func)) ${START}`),
    end: "invalid_params",
  },
  "an import from __proto__": {
    module: () => bare(`(import "__proto__" "constructor" (func)) ${START}`),
    end: "invalid_params",
  },
  "an import with a type of its own": {
    module: () =>
      bare(`(import "wasi_snapshot_preview1" "fd_close" (func (param externref) (result externref)))
        (memory (export "memory") 1) ${START}`),
    end: "invalid_params",
  },
  "garbage-collected types": {
    module: () => Buffer.concat([bare("").subarray(0, 8), Buffer.from("0105015f017f01", "hex")]),
    end: "invalid_params",
  },
};

/** All of them, by name. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  ...time,
  ...memory,
  ...compiler,
  ...files,
  ...shapes,
};
