import { ERRNO, WasiError } from "./errno.ts";
import type { ModuleHost } from "./module-host.ts";
import { clockTime } from "./process-calls.ts";
import type { Calls } from "./signatures.ts";

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const MOST_SUBSCRIPTIONS = 4_096;
const CLOCK = 0;
const READ = 1;
const LAST_KIND = 2;
const ABSOLUTE = 1;
/** The longest wait, in milliseconds; the wall limit of a run is shorter. */
const LONGEST_MS = 2 ** 31 - 1;

interface Subscription {
  readonly userdata: bigint;
  readonly kind: number;
  readonly error: number;
  /** Of a clock, when it strikes, by `performance.now()`. */
  readonly dueAt?: number;
  /** Of a descriptor, bytes that can be read. */
  readonly bytes?: number;
}

/** Waiting. Descriptors are always ready: all there is to read is there from the start. */
export function pollCalls(host: ModuleHost): Calls<"poll_oneoff"> {
  const { memory, descriptors } = host;

  const readable = (fd: number): number => {
    const open = descriptors.get(fd);
    if (open.kind === "file") {
      return Math.max(0, open.node.store.length - open.position);
    }
    return open.kind === "input" ? open.bytes.length - open.position : 0;
  };

  const readSubscription = (at: number): Subscription => {
    const userdata = memory.u64(at);
    const kind = memory.bytes(at + 8, 1)[0]!;
    if (kind === CLOCK) {
      const clock = memory.u32(at + 16);
      const timeout = memory.u64(at + 24);
      const relative = (memory.u16(at + 40) & ABSOLUTE) === 0;
      if (clock > 1) {
        return { userdata, kind, error: ERRNO.invalid };
      }
      const wait = relative ? timeout : timeout - clockTime(clock, 0);
      const ms = Math.min(Math.max(0, Number(wait) / 1e6), LONGEST_MS);
      return { userdata, kind, error: ERRNO.success, dueAt: performance.now() + ms };
    }
    if (kind > LAST_KIND) {
      return { userdata, kind, error: ERRNO.invalid };
    }
    try {
      const bytes = readable(memory.u32(at + 16));
      return { userdata, kind, error: ERRNO.success, bytes: kind === READ ? bytes : 1 };
    } catch (error) {
      return { userdata, kind, error: error instanceof WasiError ? error.errno : ERRNO.badDescriptor };
    }
  };

  return {
    poll_oneoff: (subscriptionsAt, eventsAt, count, out) => {
      if (count === 0 || count > MOST_SUBSCRIPTIONS) {
        throw new WasiError("invalid");
      }
      // Both ranges must be there before anything waits.
      memory.bytes(subscriptionsAt, count * SUBSCRIPTION_BYTES);
      memory.bytes(eventsAt, count * EVENT_BYTES);
      const subscriptions = Array.from({ length: count }, (_, i) =>
        readSubscription(subscriptionsAt + i * SUBSCRIPTION_BYTES),
      );
      const firstDue = Math.min(...subscriptions.map(({ dueAt }) => dueAt ?? -Infinity));
      while (performance.now() < firstDue) {
        host.options.sleep(Math.ceil(firstDue - performance.now()));
        host.checkLimits();
      }
      const now = performance.now();
      const ready = subscriptions.filter(({ dueAt }) => dueAt === undefined || dueAt <= now);
      for (const [index, { userdata, error, kind, bytes }] of ready.entries()) {
        const at = eventsAt + index * EVENT_BYTES;
        memory.bytes(at, EVENT_BYTES).fill(0);
        memory.setU64(at, userdata);
        memory.setU16(at + 8, error);
        memory.setU8(at + 10, kind);
        memory.setU64(at + 16, BigInt(bytes ?? 0));
      }
      memory.setU32(out, ready.length);
    },
  };
}
