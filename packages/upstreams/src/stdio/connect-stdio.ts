import type { Clock, Log } from "@mcp-optimizer/contracts";
import type { StdioUpstream } from "../config/upstream-config.ts";
import { ConnectionFault, type FaultDetails } from "../provider/connection-fault.ts";
import type { Connection, Connector } from "../provider/connection.ts";
import { createClient, type ClientInfo } from "../provider/create-client.ts";
import type { FaithfulClient } from "../provider/faithful-client.ts";
import type { Redactor } from "../redactor.ts";
import { describeEnd } from "./describe-end.ts";
import { ProbedTransport } from "./probed-transport.ts";
import { StdioTransport } from "./stdio-transport.ts";
import type { Watchdog } from "./watchdog.ts";

/** What connections over stdio are made with. */
export interface StdioConnectorOptions {
  readonly clientInfo: ClientInfo;
  /** Milliseconds to wait for an answer to the era probe before `initialize` is tried too. */
  readonly probeTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly closeGraceMs: number;
  /** Milliseconds for a request of the handshake. */
  readonly timeoutMs: number;
  readonly watchdog: Watchdog;
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: Redactor;
}

// oxlint-disable unicorn/prefer-add-event-listener -- a Client has properties, not events.

/** How long a server that speaks only `initialize` is not asked again: an upgraded one would still answer to it. */
const LEGACY_VERDICT_MS = 3_600_000;

/**
 * Connects to a server by starting it. It is started once, whatever era it speaks; only one that exits at the probe is
 * started again, without the probe.
 */
export function createStdioConnector(config: StdioUpstream, options: StdioConnectorOptions): Connector {
  let legacyUntil = 0;
  return async (signal) => {
    const probing = options.clock.now() >= legacyUntil;
    const first = await open(config, options, probing, signal);
    const opened = first === "ended" ? await open(config, options, false, signal) : first;
    if (opened === "ended") throw new ConnectionFault("ended during the handshake");
    if (opened.client.getProtocolEra() === "legacy" && probing) {
      legacyUntil = options.clock.now() + LEGACY_VERDICT_MS;
    }
    return opened;
  };
}

/** Starts the server and shakes hands. Gives "ended" when it exited at the probe. */
async function open(
  config: StdioUpstream,
  options: StdioConnectorOptions,
  probing: boolean,
  signal: AbortSignal,
): Promise<Connection | "ended"> {
  const { log, redact, clientInfo } = options;
  const fields = { server: config.name };
  const inner = new StdioTransport({
    ...options,
    command: config.command,
    args: config.args,
    env: config.env,
    cwd: config.cwd,
    onStderr: (text) =>
      log({ level: "debug", message: "stderr", fields: { ...fields, text: redact(text, 4_000) } }),
    onGarbage: (line) =>
      log({
        level: "warn",
        message: "The server writes to its stdout what is no JSON-RPC message",
        fields: { ...fields, line: redact(line, 200) },
      }),
  });
  const diagnosis = (): string => redact(inner.stderrText, 8_000).slice(-400);
  const faultOf = (more: FaultDetails = {}): ConnectionFault => {
    const end = inner.end ?? { kind: "closed" };
    const reason = describeEnd(end, config.command, options.maxMessageBytes, redact);
    return new ConnectionFault(reason, more).with(end.kind === "exited" ? diagnosis() : "");
  };
  const abort = (): void => void inner.close();
  signal.addEventListener("abort", abort, { once: true });
  const transport = new ProbedTransport(inner);
  try {
    signal.throwIfAborted();
    await inner.start();
    const verdict = probing
      ? await transport.probe(clientInfo, options.probeTimeoutMs, options.clock)
      : "legacy";
    if (verdict === "ended" && inner.end?.kind === "exited" && !signal.aborted) return "ended";
    const client = await shakeHands(transport, options);
    // The end may have come between the client's last look and here.
    if (inner.end !== undefined) throw faultOf();
    return watch(client, inner, faultOf, diagnosis);
  } catch (error) {
    await inner.close();
    if (error instanceof ConnectionFault) throw error;
    const reason: unknown = signal.aborted ? signal.reason : undefined;
    if (reason instanceof ConnectionFault) throw reason.with(diagnosis());
    if (inner.end !== undefined && inner.end.kind !== "closed") throw faultOf({ cause: error });
    const said = error instanceof Error ? redact(error.message, 300) : "";
    throw new ConnectionFault(`refused the handshake: ${said}`, { cause: error });
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function shakeHands(
  transport: ProbedTransport,
  options: StdioConnectorOptions,
): Promise<FaithfulClient> {
  const request = { timeout: options.timeoutMs };
  if (transport.discover === undefined) {
    transport.held = true;
    const client = createClient(options.clientInfo);
    try {
      await client.connect(transport, { ...request, prior: { kind: "legacy" } });
      transport.held = false;
      return client;
    } catch (error) {
      // A modern server that was slow to start has answered the probe by now, and refused `initialize`.
      if (transport.discover === undefined) throw error;
      transport.release();
    }
  }
  const client = createClient(options.clientInfo);
  await client.connect(transport, { ...request, prior: { kind: "modern", discover: transport.discover } });
  return client;
}

function watch(
  client: FaithfulClient,
  inner: StdioTransport,
  faultOf: (more: FaultDetails) => ConnectionFault,
  diagnosis: () => string,
): Connection {
  let fault: ConnectionFault | undefined;
  const listeners: ((fault: ConnectionFault) => void)[] = [];
  client.onclose = () => {
    if (inner.end === undefined || inner.end.kind === "closed") return;
    fault = faultOf(inner.end.kind === "too-long" ? { code: "output_limit" } : {});
    for (const listener of listeners) listener(fault);
  };
  return {
    client,
    get fault() {
      return fault;
    },
    onLost: (listener) => void listeners.push(listener),
    diagnosis,
    close: () => inner.close(),
  };
}
