import type { StopReason } from "../worker/messages.ts";

const FAILURES: Readonly<Partial<Record<StopReason, Readonly<Record<string, string>>>>> = {
  memory_limit: { code: "memory_limit", message: "The program ran out of memory." },
  output_limit: { code: "output_limit", message: "The returned value is too long. Return less." },
  too_deep: { code: "program_failed", name: "RangeError", message: "Maximum call stack size exceeded" },
  harness_failed: {
    code: "program_failed",
    message: "The program replaced built-ins that its own result or calls need.",
  },
};

/**
 * The last frame of a program that was stopped, after the frames that it got to write. `undefined` when the engine itself is broken,
 * and nothing that it says counts.
 */
export function stopFrame(reason: StopReason, frames: readonly string[]): string | undefined {
  const failure = FAILURES[reason];
  if (failure === undefined) {
    return undefined;
  }
  const lost = /^.[^\n]*"lost":(\d{1,15})\}/.exec(frames.at(-1) ?? "")?.[1] ?? "0";
  return `D{"failure":${JSON.stringify(failure)},"unhandled":[],"lost":${lost}}\n[]`;
}
