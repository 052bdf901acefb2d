import type { JsonObject } from "@mcp-optimizer/contracts";
import { field } from "./client-message.ts";

const MAX_CHARACTERS = 32_768;

/** What a client said of itself with `initialize`, as far as a server needs it. */
export interface Opening extends JsonObject {
  readonly protocolVersion: string;
  readonly capabilities: JsonObject;
  readonly clientInfo: { readonly name: string; readonly version: string };
}

/** Reads what a session has to be restored with; undefined where that is too large to be kept. The message was accepted before. */
export function openingOf(body: unknown): Opening | undefined {
  const params = field(body, "params");
  const client = field(params, "clientInfo");
  const opening: Opening = {
    protocolVersion: String(field(params, "protocolVersion")),
    capabilities: (field(params, "capabilities") ?? {}) as JsonObject,
    clientInfo: { name: String(field(client, "name")), version: String(field(client, "version")) },
  };
  return JSON.stringify(opening).length > MAX_CHARACTERS ? undefined : opening;
}
