import type { Clock, Log } from "@mcp-optimizer/contracts";

/** How a Redis is used, where state is in one. */
export interface RedisSettings {
  /** Begins all keys; several optimizers may share a Redis under several. Default `mcp-optimizer`. */
  readonly prefix?: string;
  /** Replicas that must have a write before it counts as done. Default 0. */
  readonly replicas?: number;
  /** Certificates for TLS in PEM. Default: those of the machine. */
  readonly ca?: string;
}

/** What stores are made with. */
export interface StateParts {
  /** Default: the machine's. What is in a Redis ends by the time of that. */
  readonly clock?: Clock;
  /** Default: nothing is logged. */
  readonly log?: Log;
}

/** The settings of a Redis among others. */
export const redisSettings = ({ prefix, replicas, ca }: RedisSettings): RedisSettings => ({
  ...(prefix !== undefined && { prefix }),
  ...(replicas !== undefined && { replicas }),
  ...(ca !== undefined && { ca }),
});
