import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  isSpecType,
  PROTOCOL_VERSION_META_KEY,
  type DiscoverResult,
  type JSONRPCMessage,
  type Transport,
} from "@modelcontextprotocol/client";
import type { Clock } from "@mcp-optimizer/contracts";
import type { ClientInfo } from "../provider/create-client.ts";
import type { StdioTransport } from "./stdio-transport.ts";

// oxlint-disable unicorn/prefer-add-event-listener -- a Transport has properties, not events.

/** The revision without a handshake. */
const MODERN = "2026-07-28";
const PROBE_ID = "era-probe";

/** What a probe found: the era, nothing in time, or that the server ended. */
export type EraVerdict = "modern" | "legacy" | "silent" | "ended";

/**
 * A started stdio transport that asked the server for its era. A client takes it over, and may leave it again without
 * ending the process: an answer to the probe that comes late still counts.
 */
export class ProbedTransport implements Transport {
  onmessage?: Transport["onmessage"];
  onclose?: () => void;
  onerror?: (error: Error) => void;
  /** The server's answer to the probe, once it is there and says 2026-07-28. */
  discover: DiscoverResult | undefined;
  /** While true, a client's `close` leaves the process alone if the server has turned out to be modern. */
  held = false;
  readonly #inner: StdioTransport;
  #onVerdict: ((verdict: EraVerdict) => void) | undefined;

  constructor(inner: StdioTransport) {
    this.#inner = inner;
    inner.onmessage = (message) => {
      if ("id" in message && message.id === PROBE_ID) this.#judge(message);
      else this.onmessage?.(message);
    };
    inner.onclose = () => {
      this.#onVerdict?.("ended");
      this.onclose?.();
    };
    inner.onerror = (error) => this.onerror?.(error);
  }

  /** Does nothing: the inner transport was started before. */
  async start(): Promise<void> {}

  send(message: JSONRPCMessage): Promise<void> {
    return this.#inner.send(message);
  }

  async close(): Promise<void> {
    if (this.held && this.discover !== undefined) this.onclose?.();
    else await this.#inner.close();
  }

  /** Takes the transport back from a client that failed with it. */
  release(): void {
    this.held = false;
    delete this.onmessage;
    delete this.onclose;
    delete this.onerror;
  }

  /** Sends `server/discover` and waits at most `timeoutMs` for the verdict. */
  probe(info: ClientInfo, timeoutMs: number, clock: Clock): Promise<EraVerdict> {
    const envelope = {
      [PROTOCOL_VERSION_META_KEY]: MODERN,
      [CLIENT_INFO_META_KEY]: { ...info },
      [CLIENT_CAPABILITIES_META_KEY]: {},
    };
    return new Promise((resolve) => {
      const settle = (verdict: EraVerdict): void => {
        cancel();
        this.#onVerdict = undefined;
        resolve(verdict);
      };
      const cancel = clock.schedule(timeoutMs, () => settle("silent"));
      this.#onVerdict = settle;
      if (this.#inner.end !== undefined) settle("ended");
      // A failed write is followed by the end of the process or by silence.
      this.send({
        jsonrpc: "2.0",
        id: PROBE_ID,
        method: "server/discover",
        params: { _meta: envelope },
      }).catch(() => {});
    });
  }

  #judge(message: JSONRPCMessage): void {
    const result = "result" in message ? message.result : undefined;
    const modern = isSpecType.DiscoverResult(result) && result.supportedVersions.includes(MODERN);
    if (modern) this.discover = result;
    this.#onVerdict?.(modern ? "modern" : "legacy");
  }
}
