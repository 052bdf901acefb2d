import type { ToolDefinition } from "@mcp-optimizer/contracts";

/** What the description of `run_code` depends on. */
export interface RunCodeText {
  /** Whether programs may be written in Python. */
  readonly python: boolean;
  /** Says more; for the larger budget. */
  readonly detailed: boolean;
  /** The upstream tools stand beside it in the list, as `server__tool`. Default false. */
  readonly passThrough?: boolean;
}

const describe = (python: boolean, passThrough: boolean): string =>
  `Run TypeScript${python ? " or Python" : ""} as an async function body; return the answer. ` +
  `Tools: ${passThrough ? "server__tool is " : ""}await server.tool({…})` +
  `${python ? ", in Python await server.tool(key=…)" : ""}; a failed call throws, JSON comes parsed, other text as string. ` +
  "Also tools.search(query), params; await session.set/get(key) keeps state between runs.";

const DETAILS =
  " Parallel calls (Promise.all) work; a run may make many calls, so loop and join in the program and return only what is needed. " +
  "outline(value) gives the short shape of an unknown value. No imports, network or files. " +
  "A cut value comes with a handle: vault.open(handle), or parts by vault.slice, .select (JSONPath), .grep. " +
  "show(x) hands the user an image, audio or file of a result, or { name, mimeType, text }. tools.parse(text) reads tables, CSV, key: value. " +
  "session.set(key, value, { ttl? }), .get, .delete, .keys keep small JSON values; where an answer names a session, pass it on. " +
  "Where an answer says that a run goes on, run, with its id in place of code, waits for it.";

/** The tool that runs programs, and waits for runs. It takes `code` or `run`, which a schema that small cannot say. */
export function runCodeTool({ python, detailed, passThrough = false }: RunCodeText): ToolDefinition {
  return {
    name: "run_code",
    description: describe(python, passThrough) + (detailed ? DETAILS : ""),
    inputSchema: {
      type: "object",
      properties: {
        code: { type: "string" },
        ...(python && { language: { type: "string", ...(detailed && { enum: ["typescript", "python"] }) } }),
        params: { type: "object" },
        session: { type: "string" },
        // Answers that name an id say how it is passed on.
        run: { type: "string", ...(detailed && { description: "id to wait for" }) },
      },
    },
  };
}
