import type { ClientOptions } from "@modelcontextprotocol/client";
import { FaithfulClient } from "./faithful-client.ts";

/** How we introduce ourselves to servers. */
export interface ClientInfo {
  readonly name: string;
  readonly version: string;
}

/** An SDK client that declares no capability: no sampling, no elicitation, no roots. */
export function createClient(info: ClientInfo, options: ClientOptions = {}): FaithfulClient {
  return new FaithfulClient(
    { ...info },
    { capabilities: {}, inputRequired: { autoFulfill: false }, ...options },
  );
}
