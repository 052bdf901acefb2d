/* The part of the WebAssembly API that this package uses; the types of Node leave it to those of browsers. */
declare global {
  namespace WebAssembly {
    class Module {
      constructor(bytes: Uint8Array<ArrayBuffer>);
      static imports(module: Module): { module: string; name: string; kind: string }[];
      static exports(module: Module): { name: string; kind: string }[];
    }
    class Memory {
      private constructor();
      readonly buffer: ArrayBuffer;
      grow(pages: number): number;
    }
    class Global {
      private constructor();
      value: unknown;
    }
    type Imports = Record<string, Record<string, (...args: never[]) => unknown>>;
    class Instance {
      constructor(module: Module, imports: Imports);
      readonly exports: Record<string, unknown>;
    }
    class RuntimeError extends Error {}
    function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>;
  }
}

// oxlint-disable-next-line unicorn/require-module-specifiers -- makes the file a module.
export {};
