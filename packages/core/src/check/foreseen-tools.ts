import type { Catalogue } from "../catalogue/catalogue.ts";
import type { ProgramTrace } from "../trace/program-trace.ts";
import { programTools } from "./tools-of.ts";

/** Tools by path. */
export interface ToolSet {
  has(path: string): boolean;
}

/** The tools that a program may call, as far as its text shows. A server may come, or change its tools, while the program runs. */
export function foreseenTools(trace: ProgramTrace, catalogue: () => Catalogue): ToolSet {
  let known: { readonly of: Catalogue; readonly paths: ReadonlySet<string> } | undefined;
  return {
    has(path) {
      const now = catalogue();
      if (known?.of !== now) {
        known = { of: now, paths: new Set(programTools(trace, now).tools.map((tool) => tool.path)) };
      }
      return known.paths.has(path);
    },
  };
}
