import type { Clock } from "@mcp-optimizer/contracts";
import type { Caller } from "./caller.ts";

/** Whether a request asks for a stream that goes on until somebody ends it. */
export function asksForStream({ method, headers }: Request): boolean {
  return method === "GET" || headers.get("mcp-method") === "subscriptions/listen";
}

/** The same answer, whose stream ends when the proof of who called does: the client opens another with a new one. */
export function untilExpiry(
  response: Response,
  { expiresAt }: Caller,
  clock: Pick<Clock, "now" | "schedule">,
): Response {
  if (expiresAt === undefined || response.body === null) return response;
  const reader = response.body.getReader();
  let end: (() => void) | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      end = afterLong(clock, expiresAt, () => {
        controller.close();
        void reader.cancel().catch(() => {});
      });
    },
    async pull(controller) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      try {
        if (!done && value !== undefined) return controller.enqueue(value);
        end?.();
        controller.close();
      } catch {
        // It has ended meanwhile.
      }
    },
    async cancel(reason) {
      end?.();
      await reader.cancel(reason);
    },
  });
  const { status, headers } = response;
  return new Response(body, { status, headers });
}

/** Timers hold 24 days at most, and tokens may live longer. */
const LONGEST_MS = 2_000_000_000;

function afterLong(clock: Pick<Clock, "now" | "schedule">, at: number, callback: () => void): () => void {
  let cancel: () => void;
  const wait = (): void => {
    const left = Math.max(at - clock.now(), 0);
    cancel = left > LONGEST_MS ? clock.schedule(LONGEST_MS, wait) : clock.schedule(left, callback);
  };
  wait();
  return () => cancel();
}
