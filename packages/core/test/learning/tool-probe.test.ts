import type { JsonObject } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import type { CatalogueTool } from "../../src/catalogue/catalogue.ts";
import { createToolProbe, type ToolProbe } from "../../src/learning/tool-probe.ts";
import { createPolicy } from "../../src/policy/create-policy.ts";
import type { PolicySettings } from "../../src/policy/policy-rules.ts";
import { NO_OUTPUTS, type OutputLookup } from "../../src/signatures/known-output.ts";
import { UNKNOWN } from "../../src/signatures/type-node.ts";
import { catalogued } from "../signatures/type-of.ts";

const tool = (name: string, rest: JsonObject = {}, server = "s"): CatalogueTool =>
  catalogued(
    { name, inputSchema: { type: "object", properties: {} }, annotations: { readOnlyHint: true }, ...rest },
    server,
  );

/** A probe, and the calls that it makes. */
function open(
  settings: PolicySettings = {},
  outputs: OutputLookup = NO_OUTPUTS,
): { readonly probe: ToolProbe; readonly called: string[] } {
  const called: string[] = [];
  const probe = createToolProbe({
    policy: createPolicy({ trustAnnotations: ["s", "optimizer"], ...settings }),
    outputs: () => outputs,
    log: () => undefined,
    direct: async (source, { tenant = "local" }) => {
      called.push(`${tenant} ${source.kind === "call" ? source.tool : ""}`);
      throw new Error("away");
    },
  });
  return { probe, called };
}

test("a definition is called once by each tenant, two calls at a time", async () => {
  const { probe, called } = open();
  const tools = ["a", "b", "c"].map((name) => tool(name));
  for (let shown = 0; shown < 3; shown += 1) {
    probe.probe(tools);
    await probe.settle();
  }
  probe.probe(tools, { tenant: "t" });
  await probe.settle();
  expect(called).toEqual(["local s.a", "local s.b", "local s.c", "t s.a", "t s.b"]);
  probe.probe([tool("a", { description: "Otherwise." })]);
  await probe.dispose();
  probe.probe([tool("d")]);
  expect(called.slice(5)).toEqual(["local s.a"]);
});

const known: OutputLookup = () => ({ type: UNKNOWN, note: "" });
test.each<[string, CatalogueTool, PolicySettings?, OutputLookup?]>([
  ["whose result is known", tool("a"), {}, known],
  ["whose result is declared", tool("a", { outputSchema: { type: "object" } })],
  ["that needs an argument", tool("a", { inputSchema: { type: "object", required: ["x"] } })],
  [
    "that needs one of several arguments",
    tool("a", { inputSchema: { type: "object", anyOf: [{ required: ["x"] }] } }),
  ],
  ["that writes", tool("a", { annotations: { readOnlyHint: false } })],
  ["of which nobody says what it does", tool("a", { annotations: {} })],
  ["of a server that is not trusted", tool("a", {}, "other")],
  ["that may be asked about", tool("a"), { rules: [{ tool: "a", session: "x", decide: "ask" }] }],
  ["that is asked about", tool("a"), { default: { read: "ask" } }],
  ["that is refused", tool("a"), { default: { read: "deny" } }],
  [
    "that is refused without arguments",
    tool("a"),
    { rules: [{ args: { x: "*" }, decide: "allow" }, { decide: "deny" }] },
  ],
  ["that composes calls of others", tool("a", {}, "intents")],
])("a tool %s is not called", async (_what, one, settings, outputs) => {
  const { probe, called } = open(
    { ...settings, ...(one.server === "intents" && { effects: { "*": "read" } }) },
    outputs,
  );
  probe.probe([one]);
  await probe.settle();
  expect(called).toEqual([]);
});
