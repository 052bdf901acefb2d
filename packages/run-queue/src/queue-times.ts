/** Times of a queue, in milliseconds. */
export interface QueueTimes {
  /** How long a job waits for a worker. */
  readonly maxWaitMs: number;
  /** How much longer a job of a front that has died counts. */
  readonly slackMs: number;
  /** A worker that has been silent so long is dead. */
  readonly lockMs: number;
  /** How often a front looks when nobody tells it anything. */
  readonly tickMs: number;
  /** How long Redis may be away until those who wait are told. */
  readonly awayMs: number;
  /** How long a worker has to say that a cancelled job has ended. */
  readonly cancelMs: number;
  /** How long answers are kept. */
  readonly keepMs: number;
}

/** The times that a queue has unless it is told otherwise. */
export const DEFAULT_TIMES: QueueTimes = {
  maxWaitMs: 30_000,
  slackMs: 10_000,
  lockMs: 15_000,
  tickMs: 2_000,
  awayMs: 10_000,
  cancelMs: 10_000,
  keepMs: 300_000,
};
