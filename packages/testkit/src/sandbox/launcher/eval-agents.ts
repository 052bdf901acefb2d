import type { GuestAgent } from "@mcp-optimizer/sandbox-guest";

const JAVASCRIPT = String.raw`
const { stdout } = process;
globalThis.fs = await import("node:fs");
globalThis.net = await import("node:net");
globalThis.dgram = await import("node:dgram");
globalThis.children = await import("node:child_process");
const AsyncFunction = (async () => {}).constructor;
stdout.write('"ready"\n');
let kept = "";
for await (const chunk of process.stdin.setEncoding("utf8")) {
  const lines = (kept + chunk).split("\n");
  kept = lines.pop();
  for (const line of lines.filter((one) => one !== "")) {
    let answer;
    try {
      answer = { value: (await new AsyncFunction(JSON.parse(line))()) ?? null };
    } catch (error) {
      answer = { error: error.code ?? String(error) };
    }
    stdout.write(JSON.stringify(answer) + "\n");
  }
}
process.exit(0);
`;

const PYTHON = String.raw`
import json, sys
sys.stdout.write('"ready"\n')
sys.stdout.flush()
for line in sys.stdin:
    if line == "\n": continue
    scope = {}
    try:
        exec(json.loads(line), scope)
        answer = {"value": scope.get("result")}
    except OSError as error:
        import errno
        answer = {"error": errno.errorcode.get(error.errno, str(error))}
    except BaseException as error:
        answer = {"error": repr(error)}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
`;

/**
 * Agents that run what they are told. Each line is a JSON text: in JavaScript the body of an async function, in Python source that
 * sets `result`. The answer is a line `{ "value": … }` or `{ "error": … }`; the first line is `"ready"`.
 */
export const EVAL_AGENTS: Readonly<Record<"javascript" | "python", GuestAgent>> = {
  javascript: {
    language: "javascript",
    command: ["node", "/guest/agent.mjs"],
    files: { "agent.mjs": JAVASCRIPT },
  },
  python: {
    language: "python",
    command: ["python3", "/guest/agent.py"],
    files: { "agent.py": PYTHON },
  },
};
