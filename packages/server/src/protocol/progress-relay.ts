import type { ToolProgress } from "@mcp-optimizer/contracts";

/** Passes progress on as the protocol wants it: the value always grows, and nothing comes after the result. */
export interface ProgressRelay {
  readonly report: (progress: ToolProgress) => void;
  /** Drops what comes later. */
  end(): void;
}

/** Creates the relay of one call. */
export function createProgressRelay(send: (progress: ToolProgress) => void): ProgressRelay {
  let last = Number.NEGATIVE_INFINITY;
  let ended = false;
  return {
    report({ progress, total, message }) {
      if (ended || !Number.isFinite(progress) || progress <= last) return;
      last = progress;
      send({ progress, ...(total !== undefined && { total }), ...(message !== undefined && { message }) });
    },
    end() {
      ended = true;
    },
  };
}
