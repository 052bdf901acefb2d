export { createBullRunQueue, type BullRunQueueOptions } from "./create-bull-run-queue.ts";
export type { QueueLink, QueueScript } from "./queue-link.ts";
export { DEFAULT_TIMES, type QueueTimes } from "./queue-times.ts";
