import { Writable } from "node:stream";
import type { GuestChannel, GuestEnd } from "@mcp-optimizer/sandbox-guest";
import type { CpuBudget } from "../host/cpu-budget.ts";
import type { Machine, MachineEnd } from "../vmm/vmm.ts";
import { describeEnd, type GuestControl } from "./guest-control.ts";

/** Parts of a channel. */
export interface MachineChannelParts {
  readonly machine: Machine;
  readonly control: GuestControl;
  readonly budget: CpuBudget;
  /** Ends the machine and removes what it left; idempotent. */
  readonly close: () => Promise<void>;
}

/** The channel to a machine that is ready. Its CPU budget starts with the first byte that the host sends. */
export function machineChannel({ machine, control, budget, close }: MachineChannelParts): GuestChannel {
  let killed = false;
  const ended = machine.ended.then(async (end): Promise<GuestEnd> => {
    // What could not be removed is told to whoever kills, and swept later; the end itself is never a failure.
    await close().catch(() => undefined);
    return guestEnd(end, control, killed);
  });
  return {
    input: meteredInput(machine.input, budget, close),
    output: machine.output,
    ended,
    usage: () => budget.usage(),
    async kill() {
      killed = true;
      await close();
      await ended;
    },
  };
}

function guestEnd(end: MachineEnd, control: GuestControl, killed: boolean): GuestEnd {
  const agent = control.end;
  if (agent) return { reason: agent.outOfMemory > 0 ? "memory" : "exited", detail: describeEnd(agent) };
  if (killed) return { reason: "killed", detail: "" };
  if (end.signal === "SIGXCPU") return { reason: "cpu", detail: "the machine's CPU time was used up" };
  return {
    reason: "lost",
    detail: `the machine ended with ${end.signal ?? `code ${end.code}`}: ${end.detail}`,
  };
}

/**
 * Starts the budget with the first byte, which does not wait for it: setting a limit takes longer than a short program. A machine whose
 * budget cannot be set is ended: it would have no limit.
 */
function meteredInput(input: Writable, budget: CpuBudget, close: () => Promise<void>): Writable {
  let started = false;
  const metered = new Writable({
    write(chunk: Buffer, _encoding, callback) {
      if (!started) {
        started = true;
        budget
          .start()
          .catch(close)
          .catch(() => undefined);
      }
      input.write(chunk, callback);
    },
    final(callback) {
      input.end(callback);
    },
    destroy(error, callback) {
      input.destroy();
      callback(error);
    },
  });
  input.once("close", () => metered.destroy());
  // Whoever writes learns of the end from `ended`; unheard, the error would end our own process.
  metered.on("error", () => {});
  return metered;
}
