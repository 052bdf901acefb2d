import {
  isJSONRPCRequest,
  StreamableHTTPClientTransport,
  type JSONRPCMessage,
} from "@modelcontextprotocol/client";

/** The JSON-RPC code that we give to a request whose stream ended without an answer. */
const STREAM_ENDED = -32_000;

type SendOptions = NonNullable<Parameters<StreamableHTTPClientTransport["send"]>[1]>;

/** The SDK's HTTP transport, except that a request whose stream ends without an answer fails at once. */
export class HttpTransport extends StreamableHTTPClientTransport {
  override async send(message: JSONRPCMessage, options: SendOptions = {}): Promise<void> {
    if (!isJSONRPCRequest(message) || options.onRequestStreamEnd !== undefined)
      return super.send(message, options);
    const { id } = message;
    const onRequestStreamEnd = (): void => {
      // An answered request is forgotten by now, and the SDK ignores this.
      const error = { code: STREAM_ENDED, message: "The connection ended before the answer" };
      this.onmessage?.({ jsonrpc: "2.0", id, error });
    };
    return super.send(message, { ...options, onRequestStreamEnd });
  }
}
