/** The exports of `quickjs.wasm` that the glue uses. Values are pointers to boxes on the guest's heap. */
export interface EngineExports {
  readonly memory: WebAssembly.Memory;
  readonly __stack_pointer: WebAssembly.Global;
  _initialize(): void;
  qjs_init(): number;
  qjs_set_interrupt_handler(on: number): void;
  qjs_set_promise_rejection_handler(on: number): void;
  qjs_set_memory_limit(bytes: number): void;
  qjs_set_max_stack_size(bytes: number): void;
  qjs_set_gc_threshold(bytes: number): void;
  qjs_run_gc(): void;
  /** Flags: 8 makes the script strict. */
  qjs_eval(source: number, length: number, fileName: number, flags: number): number;
  qjs_compile(
    source: number,
    length: number,
    fileName: number,
    flags: number,
    compileFlags: number,
    lengthOut: number,
  ): number;
  qjs_eval_bytecode(bytes: number, length: number): number;
  qjs_call(fn: number, self: number, count: number, args: number): number;
  qjs_new_string(text: number, length: number): number;
  qjs_new_number(value: number): number;
  qjs_get_undefined(): number;
  qjs_get_prop_string(object: number, name: number): number;
  qjs_get_string_len(value: number, lengthOut: number): number;
  qjs_free_cstring(text: number): void;
  qjs_free_value(value: number): void;
  qjs_is_exception(value: number): number;
  qjs_is_null(value: number): number;
  qjs_get_exception(): number;
  qjs_get_value_ptr(value: number): number;
  qjs_is_job_pending(): number;
  qjs_execute_pending_job(): number;
  wasm_malloc(bytes: number): number;
  wasm_free(pointer: number): void;
}
