import type { Client } from "@modelcontextprotocol/client";
import type { Clock, Log } from "@mcp-optimizer/contracts";

/** What {@link listenForChanges} needs beside the client. */
export interface ListenOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the listening. */
  readonly signal: AbortSignal;
}

const ACK_TIMEOUT_MS = 3_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Calls `onChanged` whenever the server says that its tools changed: unsolicited in the eras with `initialize`, on a
 * `subscriptions/listen` stream since 2026-07-28. A stream that ends is opened again while the client is connected.
 * Resolves when the server knows that we listen, or did not say so in time.
 */
export async function listenForChanges(
  client: Client,
  onChanged: () => void,
  options: ListenOptions,
): Promise<void> {
  client.setNotificationHandler("notifications/tools/list_changed", () => onChanged());
  if (client.getProtocolEra() !== "modern") return;
  if (client.getServerCapabilities()?.tools?.listChanged !== true) return;
  await subscribe(client, onChanged, options, FIRST_PAUSE_MS);
}

async function subscribe(
  client: Client,
  onChanged: () => void,
  options: ListenOptions,
  pause: number,
): Promise<void> {
  const again = (wait: number): void => {
    if (options.signal.aborted || client.transport === undefined) return;
    const cancel = options.clock.schedule(wait, () => {
      options.signal.removeEventListener("abort", cancel);
      if (client.transport === undefined) return;
      void subscribe(client, onChanged, options, Math.min(wait * 2, LONGEST_PAUSE_MS)).then(onChanged);
    });
    options.signal.addEventListener("abort", cancel, { once: true });
  };
  try {
    const subscription = await client.listen(
      { toolsListChanged: true },
      {
        timeout: ACK_TIMEOUT_MS,
        signal: options.signal,
      },
    );
    void subscription.closed.then((how) => (how === "local" ? undefined : again(pause)));
  } catch (cause) {
    const message = "The server did not accept a subscription to changes of its tools";
    options.log({ level: "debug", message, fields: { server: options.name }, cause });
    again(pause);
  }
}
