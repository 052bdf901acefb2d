import { stripTypeScriptTypes } from "node:module";

/** A source in which each signature is a function's declaration, so that a TypeScript parser can judge it. */
export function asSource(signatures: readonly string[], types: readonly string[]): string {
  const functions = signatures.map((signature, index) => {
    const start = signature.search(/^[^\s/*].*\(/mu);
    const head = signature.slice(start).indexOf("(") + start;
    return `${signature.slice(0, start)}declare function f${index}${signature.slice(head)};`;
  });
  return [...types, ...functions].join("\n");
}

/** Throws when a source is not TypeScript, or holds anything but types. */
export function expectOnlyTypes(source: string): void {
  const code = stripTypeScriptTypes(source);
  if (code.replace(/\/\*[\s\S]*?\*\//gu, "").replace(/[\s;]/gu, "") !== "")
    throw new Error(`not only types: ${source}`);
}
