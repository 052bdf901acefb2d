import { createInMemoryProvider } from "@mcp-optimizer/testkit";
import { expect, onTestFinished, test } from "vitest";
import { createOptimizer } from "../../src/create-optimizer.ts";
import { createVmSandbox } from "../intents/vm-sandbox.ts";

test("a program has a text parsed when it asks, and gets the text otherwise", async () => {
  const text = "size: 4096\nname: x";
  const definition = { name: "info", inputSchema: { type: "object" } };
  const call = async () => ({ content: [{ type: "text", text }] });
  const optimizer = await createOptimizer({
    upstreams: [createInMemoryProvider("files", [{ definition, call }])],
    sandbox: createVmSandbox(),
    tokenCounter: { encoding: "characters", count: (text) => text.length },
  });
  onTestFinished(() => optimizer.dispose());
  const { value } = await optimizer.run({
    code: `
      const text = await files.info({});
      const refused = await tools.parse("some prose", "keyValue").catch(({ code, message }) => ({ code, message }));
      return { text, parsed: await tools.parse(text), lines: await tools.parse(text, "lines"), refused };
    `,
  });
  expect(value).toEqual({
    text,
    parsed: { size: 4096, name: "x" },
    lines: ["size: 4096", "name: x"],
    refused: { code: "invalid_params", message: expect.stringContaining("as keyValue, line 1:") },
  });
});
