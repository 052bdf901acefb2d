import type { Language, ToolProgress } from "@mcp-optimizer/contracts";
import type { CallRecord } from "./run-report.ts";

/** What the calls of one run share. */
export interface RunContext {
  readonly tenant: string;
  /** What the program is written in. */
  readonly language: Language;
  /** Grows as calls end, in the order in which they end. */
  readonly calls: CallRecord[];
  /** Tells the caller what just happened. Undefined when the caller did not ask. */
  readonly report: ((message: string) => void) | undefined;
}

/** Starts the context of a run. Progress has to grow, so what it counts are the reports. */
export function createRunContext(
  tenant: string,
  language: Language,
  onProgress?: (progress: ToolProgress) => void,
): RunContext {
  let progress = 0;
  return {
    tenant,
    language,
    calls: [],
    report:
      onProgress &&
      ((message) => {
        progress += 1;
        onProgress({ progress, message });
      }),
  };
}
