import { fixtureServerCommand } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve, testFolder, type Served, type TestFolder } from "./cli.ts";

// Each ends in a typed error within its limit, and the same server goes on.
let folder: TestFolder;
let served: Served;
beforeAll(async () => {
  folder = await testFolder(
    { fixture: fixtureServerCommand() },
    { limits: { cpuMs: 2_000, wallMs: 10_000, memoryBytes: 128 * 1024 * 1024 } },
  );
  served = await serve(folder.config);
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

test.each<[string, string, string]>([
  ["a syntax error", "const a = ;", "program_invalid"],
  ["parentheses without end", "(".repeat(100_000) + "1" + ")".repeat(100_000), "program_invalid"],
  ["brackets without end", "[".repeat(1_000) + "]".repeat(1_000), "program_invalid|output_limit"],
  ["a fence and nothing but spaces", "```\n" + " ".repeat(200_000) + "x", "program_invalid|program_failed"],
  ["a program of megabytes", "1;".repeat(4_000_000), "program_invalid"],
  ["an endless loop", "for (;;) {}", "cpu_limit"],
  ["a native loop", "new Array(2**31).join('x')", "cpu_limit|timeout|memory_limit"],
  ["an endless promise", "await new Promise(() => {})", "program_failed|timeout"],
  ["an endless wait", "await new Promise((resolve) => setTimeout(resolve, 1e9))", "timeout"],
  ["a memory bomb", "const all = []; for (;;) all.push(new Array(1e6).fill(all.length))", "memory_limit"],
  [
    "a string bomb",
    "let s = 'x'.repeat(1 << 20); const all = []; for (;;) all.push(s += s)",
    "memory_limit|program_failed",
  ],
  [
    "100,000 parallel calls",
    "await Promise.all(Array.from({ length: 100_000 }, () => fixture.add({ a: 1, b: 2 })))",
    "call_limit",
  ],
  [
    "a value that is too large",
    "return Array.from({ length: 40 }, () => 'x'.repeat(1 << 20))",
    "output_limit",
  ],
  ["arguments that are too large", "return fixture.echo({ text: 'x'.repeat(2 << 20) })", "output_limit"],
])("%s", { timeout: 120_000 }, async (_, code, expected) => {
  const { isError, error } = await served.run(code);
  expect(isError).toBe(true);
  expect(error!.code).toMatch(new RegExp(`^(${expected})$`));
  expect((await served.run("return (await fixture.add({ a: 1, b: 2 })).sum")).value).toBe(3);
});
