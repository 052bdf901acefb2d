import type { Catalogue } from "../../../src/catalogue/catalogue.ts";
import { toolDeclaration } from "../../../src/signatures/tool-declaration.ts";
import { asSource } from "../../signatures/parses.ts";

/** What a guest has beside the language. */
const WORLD = `
interface ToolTypes {}
type ToolArguments<N> = string extends N ? [args?: any] : N extends keyof ToolTypes
  ? (ToolTypes[N] extends (...args: infer A) => any ? A : never) : [never, never];
type ToolResult<N> = N extends keyof ToolTypes ? (ToolTypes[N] extends (...args: any) => infer R ? R : never) : Promise<any>;
declare const tools: {
  search(query: any, options?: any): Promise<any>;
  describe(name: string): Promise<string>;
  call<const N extends string>(name: N, ...args: ToolArguments<N>): ToolResult<N>;
};
declare const vault: Record<"open" | "slice" | "select" | "grep", (handle: string, ...args: any[]) => Promise<any>>;
declare function show(piece: any): Promise<any>;
declare const console: Record<"log" | "info" | "warn" | "error" | "debug", (...values: any[]) => void>;
declare const crypto: { randomUUID(): string; getRandomValues<T>(list: T): T };
declare const process: undefined | Record<string, any>;
declare function outline(value: any): any;
declare function setTimeout(then: (...args: any[]) => void, ms?: number): number;
declare function clearTimeout(id: number): void;
declare function structuredClone<T>(value: T): T;
declare function atob(text: string): string;
declare function btoa(text: string): string;
declare class URL { constructor(url: string, base?: string); [name: string]: any }
declare class TextEncoder { encode(text: string): Uint8Array }
declare class TextDecoder { decode(bytes: Uint8Array): string }
`;

/**
 * Declarations of some servers as our own declarations of their tools say it; what they leave unknown is `any`, as the programs are
 * JavaScript at heart.
 */
export function serverTypes({ servers }: Catalogue, namespaces: readonly string[]): string {
  const parts = [WORLD];
  for (const { namespace, tools } of servers.filter((server) => namespaces.includes(server.namespace))) {
    const functions: string[] = [];
    for (const [index, tool] of tools.entries()) {
      const scope = `${namespace}_${index}`;
      const declaration = toolDeclaration(tool);
      const at = declaration.search(/^(?:\/\*\*|\w+\.\w+\()/mu);
      const source = asSource([declaration.slice(at)], [declaration.slice(0, at)]);
      const loose = source
        .replaceAll(/\bunknown\b/g, "any")
        .replaceAll("declare function f0()", "function f0(args?: Record<string, never>)")
        .replaceAll("declare function", "function");
      parts.push(`declare namespace ${scope} {\n${loose}\n}`);
      for (const name of new Set([tool.identifier, tool.name])) {
        functions.push(`  ${JSON.stringify(name)}: typeof ${scope}.f0;`);
        for (const full of [`${namespace}.${name}`, `${namespace}__${name}`]) {
          parts.push(`interface ToolTypes { ${JSON.stringify(full)}: typeof ${scope}.f0 }`);
        }
      }
    }
    parts.push(`declare const ${namespace}: {\n${functions.join("\n")}\n};`);
  }
  return parts.join("\n");
}
