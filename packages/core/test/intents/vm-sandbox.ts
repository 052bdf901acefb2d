import { createContext, runInContext } from "node:vm";
import {
  DEFAULT_RUN_LIMITS,
  isErrorCode,
  type GuestFailure,
  type GuestOutcome,
  type GuestProgram,
  type HostBindings,
  type JsonValue,
  type SandboxBackend,
} from "@mcp-optimizer/contracts";
import { NO_SANDBOX } from "../modes/no-sandbox.ts";

const QUIET = { console: [], consoleOmittedBytes: 0, unhandled: [], usage: { cpuMs: 0, wallMs: 0 } };
const NEVER = new AbortController().signal;

/** Runs the programs of tests in this process. It holds nobody: the sandboxes have suites of their own. */
export function createVmSandbox(): SandboxBackend {
  return {
    ...NO_SANDBOX,
    name: "vm",
    probe: async () => ({ ...(await NO_SANDBOX.probe()), available: true }),
    lease: async () => ({
      limits: DEFAULT_RUN_LIMITS,
      session: { run: (program, host, signal = NEVER) => run(program, host, signal) },
      dispose: async () => {},
    }),
  };
}

async function run(
  { source, namespaces }: GuestProgram,
  host: HostBindings,
  signal: AbortSignal,
): Promise<GuestOutcome> {
  const call = async (name: string, args: JsonValue[]): Promise<JsonValue | undefined> => {
    const reply = await host.call({ name, args: structuredClone(args) }, signal);
    if (reply.ok) return reply.value;
    throw Object.assign(new Error(reply.error.message), reply.error);
  };
  const namespace = (name: string): object =>
    new Proxy(
      {},
      {
        get:
          (_, tool) =>
          async (...args: JsonValue[]) =>
            await call(`${name}.${String(tool)}`, args),
      },
    );
  const globals = Object.fromEntries(namespaces.map(({ name }) => [name, namespace(name)]));
  const context = createContext({ ...globals, tools: namespace("tools") });
  try {
    const value = (await (runInContext(source, context) as () => Promise<unknown>)()) as
      | JsonValue
      | undefined;
    return {
      ...QUIET,
      ...(value !== undefined && { value: JSON.parse(JSON.stringify(value)) as JsonValue }),
    };
  } catch (error) {
    return { ...QUIET, failure: failureOf(error as Partial<GuestFailure>) };
  }
}

function failureOf({ code, message = "", tool, data }: Partial<GuestFailure>): GuestFailure {
  return {
    code: isErrorCode(code) ? code : "program_failed",
    message,
    ...(tool !== undefined && { tool }),
    ...(data && { data }),
  };
}
