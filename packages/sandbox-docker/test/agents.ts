import type { GuestAgent } from "@mcp-optimizer/sandbox-guest";

/** Answers each line, a function's body as JSON text, with what the body returns or `{ "error": … }`, as a line of JSON. */
export const nodeAgent: GuestAgent = {
  language: "javascript",
  command: ["node", "/guest/agent.mjs"],
  files: {
    "agent.mjs": `
import { createInterface } from "node:readline";
globalThis.fs = await import("node:fs");
globalThis.cp = await import("node:child_process");
const AsyncFunction = (async () => {}).constructor;
console.log('"ready"');
for await (const line of createInterface({ input: process.stdin })) {
  let value;
  try {
    value = await new AsyncFunction(JSON.parse(line))();
  } catch (error) {
    value = { error: error.code ?? String(error) };
  }
  console.log(JSON.stringify(value ?? null));
}
`,
  },
};

/** The same in Python: each line is source that sets `result`. */
export const pythonAgent: GuestAgent = {
  language: "python",
  command: ["python3", "-I", "/guest/agent.py"],
  files: {
    "agent.py": `
import sys, json
print('"ready"', flush=True)
for line in sys.stdin:
    scope = {}
    try:
        exec(json.loads(line), scope)
        value = scope.get("result")
    except BaseException as error:
        value = {"error": repr(error)}
    print(json.dumps(value), flush=True)
`,
  },
};
