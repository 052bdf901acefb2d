import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** How the real MCP server is started: `@modelcontextprotocol/server-everything` over stdio. */
export const EVERYTHING: { readonly command: string; readonly args: readonly string[] } = {
  command: process.execPath,
  args: [require.resolve("@modelcontextprotocol/server-everything/dist/index.js"), "stdio"],
};

/** Throws when a value is not what three calls to the server give. */
export function checkThreeCalls(value: unknown): void {
  const text = JSON.stringify(value);
  for (const part of ["Echo: one", "The sum of 2 and 3 is 5.", "Echo: three"]) {
    if (!text.includes(part)) throw new Error(`The program gave a wrong value: ${text}`);
  }
}
