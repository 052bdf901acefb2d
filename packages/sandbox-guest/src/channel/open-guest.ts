import { OptimizerError, type Clock, type GuestResources } from "@mcp-optimizer/contracts";
import type { GuestAgent, GuestChannel, GuestEnd, GuestLauncher } from "../guest-launcher.ts";
import { parseGuestJson } from "../parse-guest-json.ts";
import { MessageReader } from "./message-reader.ts";

/** The longest that an agent may take to say that it is ready: machines without hardware virtualisation are slow. */
const READY_MS = 60_000;
const READY_BYTES = 4_096;

/** A guest whose agent is ready for its one program. */
export interface OpenGuest {
  readonly channel: GuestChannel;
  readonly reader: MessageReader;
  readonly end: () => GuestEnd | undefined;
  /** What the program used until now; the start of the agent is not counted. */
  readonly usage: () => Promise<{ readonly cpuMs?: number; readonly memoryBytes?: number }>;
}

/** What it takes to start a guest. */
export interface GuestOpening {
  readonly launcher: GuestLauncher;
  readonly agent: GuestAgent;
  readonly resources: GuestResources;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Launches a guest and waits until its agent is ready. Rejects with `sandbox_unavailable`, `cancelled` or `shutting_down`; nothing is left then. */
export async function openGuest({
  launcher,
  agent,
  resources,
  clock,
  signal,
}: GuestOpening): Promise<OpenGuest> {
  const channel = await launcher.launch(agent, resources, signal);
  channel.input.on("error", () => undefined);
  const reader = new MessageReader(channel.output, READY_BYTES);
  let end: GuestEnd | undefined;
  void channel.ended.then((told) => (end = told));
  const kill = (): void => void channel.kill().catch(() => undefined);
  const cancel = clock.schedule(READY_MS, kill);
  signal.addEventListener("abort", kill);
  try {
    const said = await reader.next();
    if (said === undefined || !(await isReady(said, agent.language))) {
      throw new Error("The agent did not say that it is ready.");
    }
    if (signal.aborted) {
      throw new OptimizerError("cancelled");
    }
    const first = (await channel.usage().catch(() => undefined))?.cpuMs ?? 0;
    return {
      channel,
      reader,
      end: () => end,
      usage: async () => {
        const used = await channel.usage();
        return used.cpuMs === undefined ? used : { ...used, cpuMs: Math.max(0, used.cpuMs - first) };
      },
    };
  } catch (error) {
    await channel.kill().catch(() => undefined);
    if (signal.aborted) {
      throw new OptimizerError("cancelled", { cause: error });
    }
    throw new OptimizerError("sandbox_unavailable", {
      detail: "a guest started, but its agent did not; the log says why",
      cause: new Error(`${launcher.name}: ${end?.reason ?? "no end"}: ${end?.detail ?? "nothing said"}`, {
        cause: error,
      }),
    });
  } finally {
    cancel();
    signal.removeEventListener("abort", kill);
  }
}

async function isReady(text: string, language: string): Promise<boolean> {
  const said = await parseGuestJson(text);
  return (
    typeof said === "object" &&
    said !== null &&
    !Array.isArray(said) &&
    said["ready"] === 1 &&
    said["language"] === language
  );
}
