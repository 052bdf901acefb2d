import { OptimizerError, type Clock } from "@mcp-optimizer/contracts";

/** Shorter than a job may take into the queue once it was let in. */
const LIMIT_MS = 4_000;

/** A client of BullMQ waits for a Redis that is away; whoever gives a job does not. */
export async function inTime<T>(clock: Pick<Clock, "schedule">, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = (): void =>
    reject(new OptimizerError("store_unavailable", { detail: "the queue did not answer in time" }));
  const stop = clock.schedule(LIMIT_MS, late);
  try {
    return await Promise.race([work, promise]);
  } catch (cause) {
    if (OptimizerError.is(cause)) throw cause;
    throw new OptimizerError("store_unavailable", { detail: "the queue did not answer", cause });
  } finally {
    stop();
    work.catch(() => undefined);
  }
}
