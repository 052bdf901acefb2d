import type { BullWorker } from "./bull.ts";

/** The taking end of BullMQ, which can be opened anew while its jobs go on. */
export interface LastingBullWorker extends Pick<BullWorker, "close" | "abandon"> {
  /** Opens another connection, unless that is being done. The old one takes no more, and ends with its jobs. */
  renew(): void;
}

/** What it is made of. */
export interface LastingBullWorkerParts {
  readonly open: () => Promise<BullWorker>;
  /** Jobs at once, of all connections. */
  readonly concurrency: number;
  /** How many there are now. */
  readonly running: () => number;
}

const MOST_RETIRED = 2;

/** Opens a {@link LastingBullWorker}: a connection that blocks may hear nothing any more where a cluster has changed. */
export async function openLastingBullWorker(parts: LastingBullWorkerParts): Promise<LastingBullWorker> {
  const { open, concurrency, running } = parts;
  const retired = new Set<BullWorker>();
  let current = await open();
  let renewing = false;
  let closed = false;

  const retire = async (old: BullWorker): Promise<void> => {
    retired.add(old);
    await old.close();
    retired.delete(old);
    if (!closed) current.resize(concurrency);
  };
  const renewed = async (): Promise<void> => {
    const next = await open();
    if (closed) return await next.abandon();
    next.resize(Math.max(1, concurrency - running()));
    const old = current;
    current = next;
    retire(old).catch(() => undefined);
    const [oldest] = retired;
    if (retired.size <= MOST_RETIRED || oldest === undefined) return;
    retired.delete(oldest);
    await oldest.abandon();
  };
  return {
    renew() {
      if (renewing || closed) return;
      renewing = true;
      renewed()
        .catch(() => undefined)
        .finally(() => {
          renewing = false;
        });
    },
    async close() {
      closed = true;
      await Promise.allSettled([current, ...retired].map((one) => one.close()));
    },
    async abandon() {
      closed = true;
      await Promise.all([current, ...retired].map((one) => one.abandon()));
    },
  };
}
