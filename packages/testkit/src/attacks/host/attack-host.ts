import type { HostBindings, HostCall, HostReply, RunLimits } from "@mcp-optimizer/contracts";
import { connect } from "node:net";

/** A call as the host saw it. */
export interface SeenCall extends HostCall {
  /** Whether it came after the run had an outcome. */
  readonly late: boolean;
}

/** A host that lets an attack call a few tools and notes everything that is asked of it. */
export class AttackHost implements HostBindings {
  readonly calls: SeenCall[] = [];
  /** The most calls that were under way at once. */
  most = 0;
  /** What a guest that listens let in. */
  letIn: string | undefined;
  over = false;
  #underWay = 0;
  readonly #limits: Readonly<RunLimits>;

  constructor(limits: Readonly<RunLimits>) {
    this.#limits = limits;
  }

  async call({ name, args }: HostCall, signal: AbortSignal): Promise<HostReply> {
    this.calls.push({ name, args, late: this.over });
    this.most = Math.max(this.most, ++this.#underWay);
    try {
      return await this.#answer(name, args, signal);
    } finally {
      this.#underWay--;
    }
  }

  /** What the limits should have kept from the host. */
  excess(): string | undefined {
    if (this.calls.length > this.#limits.calls) return `${this.calls.length} calls reached the host`;
    if (this.most > this.#limits.callsAtOnce) return `${this.most} calls were under way at once`;
    if (this.calls.some(({ late }) => late)) return "a call reached the host after the outcome";
    return this.letIn;
  }

  async #answer(name: string, args: HostCall["args"], signal: AbortSignal): Promise<HostReply> {
    switch (name) {
      case "fixture.echo":
        // No tool answers within the same turn.
        await new Promise((resolve) => setImmediate(resolve));
        return { ok: true, value: args[0] ?? null };
      case "fixture.large":
        return { ok: true, value: "y".repeat(Math.min(Number(args[0] ?? 0), 128 * 1024 * 1024)) };
      case "fixture.listening":
        this.letIn = (await canConnect(Number(args[0]))) ? "the guest was reached from outside" : undefined;
        return { ok: true };
      case "fixture.hang":
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        return { ok: true };
      default:
        return { ok: false, error: { code: "unknown_tool", message: "There is no such tool.", tool: name } };
    }
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 1_000 });
    const end = (reached: boolean): void => {
      socket.destroy();
      resolve(reached);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
