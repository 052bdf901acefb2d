import { createRequire } from "node:module";
import { scalar } from "./scalar.ts";

/** A YAML text that was read. */
export interface YamlDocument {
  /** Undefined where there are errors. */
  readonly value: unknown;
  readonly errors: readonly { readonly message: string; readonly line: number | undefined }[];
}

/** Uses of anchors at most: each copies what it names. */
const ALIASES = 50;

type YamlModule = typeof import("yaml");
const require = createRequire(import.meta.url);
let yaml: YamlModule | undefined;

/** Reads one YAML 1.2 document. Plain numbers that are ambiguous, such as `007` or `1.10`, stay text. Never throws. */
export function parseDocument(text: string): YamlDocument {
  // Loaded when first used: most runs have no such text.
  yaml ??= require("yaml") as YamlModule;
  try {
    const document = yaml.parseDocument(text, { prettyErrors: true, schema: "core", logLevel: "silent" });
    if (document.errors.length > 0) {
      return {
        value: undefined,
        errors: document.errors.map(({ message, linePos }) => ({
          message: message.split("\n")[0]!,
          line: linePos?.[0].line,
        })),
      };
    }
    yaml.visit(document, {
      Scalar: (_key, node) => {
        if (typeof node.value === "number") node.value = scalar(node.source ?? "");
      },
    });
    return { value: document.toJS({ maxAliasCount: ALIASES }) as unknown, errors: [] };
  } catch (error) {
    const message = error instanceof RangeError ? "it is nested too deeply" : (error as Error).message;
    return { value: undefined, errors: [{ message: message.split("\n")[0]!, line: undefined }] };
  }
}
