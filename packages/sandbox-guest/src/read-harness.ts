import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** The files of the harness, in the order in which they run. */
const PARTS = [
  "primordials",
  "brand",
  "inspect",
  "errors",
  "encode",
  "table",
  "console",
  "timers",
  "random",
  "text-codec",
  "structured-clone",
  "calls",
  "namespaces",
  "outline",
  "url",
  "protocol",
];

/**
 * Reads the guest's harness: one JavaScript expression that builds a program's world and gives its five functions,
 * `{ start, poll, deliver, flush, finish, reportUnhandled }`. It is evaluated once per realm, before any program.
 */
export async function readHarness(): Promise<string> {
  const guest = new URL("../guest/", import.meta.url);
  const require = createRequire(import.meta.url);
  const [library, ...parts] = await Promise.all([
    readFile(require.resolve("whatwg-url-minimum"), "utf8"),
    ...PARTS.map((part) => readFile(new URL(`${part}.js`, guest), "utf8")),
  ]);
  const body = parts.join("\n").replace('"/*URL_LIBRARY*/"', () => quoteSource(library));
  return `(function () {"use strict";\n${body}\nreturn { start, poll, deliver, flush, finish, reportUnhandled };\n})()`;
}

/** A string literal of one byte per character: a wide character would double the text's size in the guest. */
function quoteSource(source: string): string {
  const ascii = source
    .replace(/^\/\/# sourceMappingURL=.*$/gm, "")
    .replace(
      /[\u0080-\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  return JSON.stringify(ascii);
}
