import {
  OptimizerError,
  type HostBindings,
  type HostCall,
  type JsonValue,
  type Log,
  type ResultVault,
} from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import { vaultEntryValue } from "../result/vault-entry-value.ts";
import type { SearchAnswer, SearchRequest } from "../search/search-answer.ts";
import { guestError } from "./guest-error.ts";
import { parseSearchCall } from "./parse-search-request.ts";
import type { RunContext } from "./run-context.ts";
import type { ToolCaller } from "./tool-caller.ts";

/** What a broker works with. */
export interface BrokerParts {
  /** What a tenant sees now. */
  readonly catalogue: (tenant: string) => Catalogue;
  readonly search: (request: SearchRequest, tenant: string) => SearchAnswer;
  /** The full declaration of a tool. */
  readonly describe: (tool: CatalogueTool) => string;
  /** The signature of a tool in one line. */
  readonly signature: (tool: CatalogueTool) => string;
  readonly callTool: ToolCaller;
  readonly vault: ResultVault;
  readonly log: Log;
}

/** Makes the bindings through which a run reaches the catalogue, the vault and the upstream tools. */
export function createBroker(parts: BrokerParts): (context: RunContext) => HostBindings {
  return (context) => ({
    async call(call, signal) {
      try {
        const value = await dispatch(parts, context, call, signal);
        return value === undefined ? { ok: true } : { ok: true, value };
      } catch (error) {
        return { ok: false, error: guestError(error, parts.log) };
      }
    },
  });
}

async function dispatch(
  parts: BrokerParts,
  context: RunContext,
  { name, args }: HostCall,
  signal: AbortSignal,
): Promise<JsonValue | undefined> {
  switch (name) {
    case "tools.search":
      return parts.search(parseSearchCall(args), context.tenant) as unknown as JsonValue;
    case "tools.describe":
      return parts.describe(toolNamed(parts, context, nameArgument(name, args)));
    case "tools.call":
      return parts.callTool(
        context,
        toolNamed(parts, context, nameArgument(name, args)),
        args.slice(1),
        signal,
      );
    case "vault.open":
      return openHandle(parts, context, nameArgument(name, args));
    default:
      return parts.callTool(context, toolNamed(parts, context, name), args, signal);
  }
}

function toolNamed(
  { catalogue, signature }: BrokerParts,
  { tenant }: RunContext,
  name: string,
): CatalogueTool {
  const snapshot = catalogue(tenant);
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
    ? `did you mean ${suggestions.join(" or ")}? ${signature(meant)}`
    : "search for it with tools.search(query)";
  throw new OptimizerError("unknown_tool", {
    detail: `${name.slice(0, 200)}; ${hint}`,
    data: { suggestions },
  });
}

async function openHandle(
  { vault }: BrokerParts,
  { tenant, sources }: RunContext,
  handle: string,
): Promise<JsonValue> {
  const entry = await vault.get(tenant, handle);
  for (const source of entry?.sources ?? []) sources.add(source);
  if (entry) return vaultEntryValue(entry);
  throw new OptimizerError("not_found", {
    detail: `${JSON.stringify(handle.slice(0, 80))} is no handle, or it expired`,
  });
}

function nameArgument(call: string, args: readonly JsonValue[]): string {
  const [name] = args;
  if (typeof name === "string" && name !== "") return name;
  throw new OptimizerError("invalid_params", { detail: `${call} takes a text as its first argument` });
}
