import type { JsonObject } from "@mcp-optimizer/contracts";

/** A call that an answer stands on. */
export interface TrailRead {
  /** `namespace.identifier`. */
  readonly tool: string;
  readonly toolHash: string;
  readonly args: JsonObject;
}

/** What is noted of a read. */
export interface NotedRead extends TrailRead {
  readonly server: string;
  /** That its server had before it was asked. */
  readonly generation: string;
  /** When what it gave is too old, in milliseconds since the epoch. */
  readonly until: number;
  /** It was an earlier call's answer. */
  readonly cached: boolean;
}

/** What was read for an answer that is made of several calls. What an inner trail notes, those around it have, too. */
export interface ReadTrail {
  note(read: NotedRead): void;
  /** Something was done for the answer that cannot be told again: it is not kept. */
  spoil(): void;
  readonly spoiled: boolean;
  readonly reads: readonly TrailRead[];
  readonly generations: Readonly<Record<string, string>>;
  /** When the first of the reads is too old; infinite without any. */
  readonly until: number;
  /** There were reads, and all were answers of earlier calls. */
  readonly cached: boolean;
}

/** An answer that stands on more calls is not kept: all would be decided on again. */
const MOST_READS = 64;

/** Makes a {@link ReadTrail}, inside of another where there is one. */
export function createReadTrail(outer?: ReadTrail): ReadTrail {
  const reads: TrailRead[] = [];
  const generations = new Map<string, string>();
  let until = Number.POSITIVE_INFINITY;
  let spoiled = false;
  let cached = true;
  return {
    note(read) {
      outer?.note(read);
      const { server, generation, tool, toolHash, args } = read;
      const before = generations.get(server) ?? generation;
      // Between the two reads something was written.
      if (before !== generation || reads.length >= MOST_READS) spoiled = true;
      if (spoiled) return;
      generations.set(server, generation);
      reads.push({ tool, toolHash, args });
      until = Math.min(until, read.until);
      cached &&= read.cached;
    },
    spoil() {
      outer?.spoil();
      spoiled = true;
    },
    get spoiled() {
      return spoiled;
    },
    reads,
    get generations() {
      return Object.fromEntries(generations);
    },
    get until() {
      return until;
    },
    get cached() {
      return !spoiled && cached && reads.length > 0;
    },
  };
}
