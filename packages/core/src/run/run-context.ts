import type { Language, ToolProgress } from "@mcp-optimizer/contracts";
import type { RunJournal } from "../log/run-journal.ts";
import type { CallRecord } from "./run-report.ts";

/** What the calls of one run share. */
export interface RunContext {
  readonly tenant: string;
  /** What the program is written in. */
  readonly language: Language;
  /** Paths of the tools that the program may call; any when undefined. */
  readonly mayCall?: ReadonlySet<string>;
  readonly journal: RunJournal;
  /** Grows as calls end, in the order in which they end. */
  readonly calls: CallRecord[];
  /** Tells the caller what just happened. Undefined when the caller did not ask. */
  readonly report: ((message: string) => void) | undefined;
}

/** Makes a report function: progress has to grow, so what it counts are the reports. */
export function countReports(
  onProgress: ((progress: ToolProgress) => void) | undefined,
): RunContext["report"] {
  let progress = 0;
  return (
    onProgress &&
    ((message) => {
      progress += 1;
      onProgress({ progress, message });
    })
  );
}
