import type { GuestResources } from "@mcp-optimizer/contracts";
import type { GuestAgent, GuestChannel, GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { DEFAULT_GUEST_RESOURCES } from "@mcp-optimizer/sandbox-guest";
import { createInterface } from "node:readline";

/** A guest that answers lines. */
export interface OpenGuest {
  readonly channel: GuestChannel;
  /** Resolves with the guest's answer; `"<end>"` when there is none any more. */
  ask(source: string): Promise<unknown>;
  /** The next line of the guest, unasked. */
  read(): Promise<unknown>;
}

/** Launches a guest and waits until its agent is ready. */
export async function openGuest(
  launcher: GuestLauncher,
  agent: GuestAgent,
  resources: Partial<GuestResources> = {},
): Promise<OpenGuest> {
  const channel = await launcher.launch(agent, { ...DEFAULT_GUEST_RESOURCES, ...resources });
  channel.input.on("error", () => undefined);
  const lines = createInterface({ input: channel.output })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    return done === true ? "<end>" : JSON.parse(value);
  };
  await next();
  return {
    channel,
    read: next,
    ask: (source) => {
      channel.input.write(`${JSON.stringify(source)}\n`);
      return next();
    },
  };
}
