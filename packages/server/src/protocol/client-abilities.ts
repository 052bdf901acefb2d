import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";

/** The extension by which a long call is answered with a handle. */
export const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";

/** What the client of a request can do for us. */
export interface ClientAbilities {
  /** It shows forms to a person. */
  readonly forms: boolean;
  /** It knows tasks, which there are since 2026-07-28. */
  readonly tasks: boolean;
}

/** Reads what a client declared: with the request itself since 2026-07-28, with its handshake before. */
export function clientAbilities(
  era: "legacy" | "modern",
  server: Server,
  { mcpReq }: ServerContext,
): ClientAbilities {
  const envelope: { readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } = mcpReq.envelope ?? {};
  const declared = era === "modern" ? envelope[CLIENT_CAPABILITIES_META_KEY] : server.getClientCapabilities();
  const elicitation = declared?.elicitation;
  return {
    // A client that names no mode at all means forms: it is older than the other mode.
    forms: elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined),
    tasks: declared?.extensions?.[TASKS_EXTENSION] !== undefined,
  };
}
