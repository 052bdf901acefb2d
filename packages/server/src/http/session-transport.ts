import {
  WebStandardStreamableHTTPServerTransport as Transport,
  type JSONRPCMessage,
  type RequestId,
} from "@modelcontextprotocol/server";
import { createWireIds, type WireIds } from "./wire-ids.ts";

/** The SDK's transport, with ids of our own on what clients are asked. */
export class SessionTransport extends Transport {
  readonly wireIds: WireIds;

  constructor(sessionIdGenerator: () => string, origin: string) {
    super({ sessionIdGenerator });
    this.wireIds = createWireIds(origin);
  }

  override async send(
    message: JSONRPCMessage,
    options?: { readonly relatedRequestId?: RequestId },
  ): Promise<void> {
    await super.send(this.wireIds.out(message), options);
  }
}
