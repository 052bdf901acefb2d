import {
  OptimizerError,
  type HostBindings,
  type HostCall,
  type JsonValue,
  type Log,
} from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import type { Viewer } from "../catalogue/viewer.ts";
import type { SearchAnswer, SearchRequest } from "../search/search-answer.ts";
import { guestError } from "./guest-error.ts";
import { textArgument, type HostFunctions } from "./host-functions.ts";
import { parseSearchCall } from "./parse-search-request.ts";
import { parseToolCall } from "./parse-tool-call.ts";
import type { RunContext } from "./run-context.ts";
import type { ToolCaller } from "./tool-caller.ts";

/** What a broker works with. */
export interface BrokerParts {
  /** What a caller sees now. */
  readonly catalogue: (viewer: Viewer) => Catalogue;
  readonly search: (request: SearchRequest, viewer: Viewer) => SearchAnswer;
  /** The full declaration of a tool. */
  readonly describe: (tool: CatalogueTool, tenant: string) => string;
  /** The signature of a tool in one line. */
  readonly signature: (tool: CatalogueTool, tenant: string) => string;
  readonly callTool: ToolCaller;
  /** What programs may call beside the tools, by its name in the guest. */
  readonly functions: HostFunctions;
  readonly log: Log;
}

/** Makes the bindings through which a run reaches the catalogue, the vault and the upstream tools. */
export function createBroker(parts: BrokerParts): (context: RunContext) => HostBindings {
  const { callTool, log } = parts;
  const functions: HostFunctions = {
    ...parts.functions,
    "tools.search": (context, args) => parts.search(parseSearchCall(args), context) as unknown as JsonValue,
    "tools.describe": (context, args) =>
      parts.describe(toolNamed(parts, context, textArgument("tools.describe", args)), context.tenant),
    "tools.call": (context, args, signal) => {
      const tool = toolNamed(parts, context, textArgument("tools.call", args));
      const { given, fresh } = parseToolCall(args);
      return callTool({ ...context, ...(fresh && { fresh }) }, tool, given, signal);
    },
  };
  const answer = async (
    context: RunContext,
    { name, args }: HostCall,
    signal: AbortSignal,
  ): Promise<JsonValue | undefined> => {
    const own = Object.hasOwn(functions, name) ? functions[name] : undefined;
    // An answer that is kept has to stand on calls of tools alone.
    if (own !== undefined && !KEEPS_ANSWERS.has(name)) context.trail?.spoil();
    if (own !== undefined) return await own(context, args, signal);
    return await callTool(context, toolNamed(parts, context, name), args, signal);
  };
  return (context) => ({
    async call(call, signal) {
      try {
        const value = await answer(context, call, signal);
        return value === undefined ? { ok: true } : { ok: true, value };
      } catch (error) {
        return { ok: false, error: guestError(error, log) };
      }
    },
  });
}

const KEEPS_ANSWERS: ReadonlySet<string> = new Set(["tools.call", "tools.parse"]);

function toolNamed({ catalogue, signature }: BrokerParts, context: RunContext, name: string): CatalogueTool {
  const snapshot = catalogue(context);
  const tool = snapshot.resolve(name);
  if (tool) return tool;
  const server = snapshot.servers.find(({ namespace }) => name.startsWith(`${namespace}.`));
  if (server && server.tools.length === 0 && server.status.state !== "ready") {
    const reason = server.status.state === "failed" ? server.status.reason : "it is still connecting";
    throw new OptimizerError("upstream_failed", { detail: `${server.name}: ${reason}` });
  }
  const suggestions = snapshot.suggest(name);
  const meant = suggestions[0] === undefined ? undefined : snapshot.resolve(suggestions[0]);
  const hint = meant
    ? `did you mean ${suggestions.join(" or ")}? ${signature(meant, context.tenant)}`
    : "search for it with tools.search(query)";
  throw new OptimizerError("unknown_tool", {
    detail: `${name.slice(0, 200)}; ${hint}`,
    data: { suggestions },
  });
}
