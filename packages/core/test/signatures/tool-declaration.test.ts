import { describe, expect, test } from "vitest";
import { toolDeclaration } from "../../src/signatures/tool-declaration.ts";
import { catalogued } from "./type-of.ts";

describe("a declaration", () => {
  test("has the descriptions, defaults and bounds of everything", () => {
    const tool = catalogued(
      {
        name: "git_log",
        description: "View commit history.\n\n- newest first\n- `since` filters */ alert(1)",
        annotations: { readOnlyHint: true },
        inputSchema: {
          type: "object",
          properties: {
            path: { type: "string", description: "The repository.", default: "." },
            count: { type: "integer", minimum: 1, maximum: 1000 },
            kinds: { type: "array", items: { enum: ["a", "b"] } },
          },
          required: ["count"],
        },
        outputSchema: {
          type: "object",
          properties: {
            commits: {
              type: "array",
              items: { type: "object", properties: { hash: { type: "string", description: "Full SHA-1." } } },
            },
          },
        },
      },
      "git",
    );
    expect(toolDeclaration(tool)).toBe(`/**
 * View commit history.
 *
 * - newest first
 * - \`since\` filters * / alert(1)
 * The server says: only reads.
 */
git.git_log(args: {
  /** The repository. Default: ".". */
  path?: string;
  /** 1..1000. */
  count: number;
  kinds?: ("a" | "b")[];
}): Promise<{
  commits?: {
    /** Full SHA-1. */
    hash?: string;
  }[];
}>`);
  });

  test("declares a type that refers to itself in front", () => {
    const tool = catalogued({
      name: "t",
      inputSchema: {
        type: "object",
        properties: { tree: { $ref: "#/$defs/node" } },
        $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } },
      },
    });
    expect(toolDeclaration(tool)).toBe(
      "type Node = {\n  next?: Node;\n}\ns.t(args?: {\n  tree?: Node;\n}): Promise<unknown>",
    );
  });

  test("stays within its budget and says what is missing", () => {
    const properties = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [
        `p${index}`,
        { type: "string", description: "A long description of it. ".repeat(40) },
      ]),
    );
    const text = toolDeclaration(
      catalogued({ name: "t", description: "d ".repeat(9_000), inputSchema: { type: "object", properties } }),
    );
    expect(text.length).toBeLessThan(12_000);
    expect(text).toMatch(/\/\* … \d+ more properties \*\//u);
    expect(text).toContain("…");
  });
});
