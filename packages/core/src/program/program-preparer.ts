import { Worker } from "node:worker_threads";
import { OptimizerError, type Clock, type JsonObject } from "@mcp-optimizer/contracts";
import { MAX_PROGRAM_LENGTH, type PreparedProgram } from "./prepare-program.ts";

/** What the thread answers: a program, why there is none, or that it cannot go on. */
export type PreparationAnswer =
  | { readonly program: PreparedProgram }
  | { readonly message: string; readonly data?: JsonObject }
  | { readonly broken: true };

/** Prepares programs in a thread of its own. */
export interface ProgramPreparer {
  /** Rejects with `program_invalid`, or `shutting_down`. */
  prepare(text: string): Promise<PreparedProgram>;
  /** Ends the thread. Idempotent. */
  dispose(): Promise<void>;
}

/** A text that takes longer than this to parse was made for that. In milliseconds. */
const DEADLINE_MS = 5_000;
const TOO_DEEP = "it is nested too deeply, or takes too long to parse; write it plainly";

/**
 * Makes a preparer. One program at a time; the thread starts with the first, and is replaced when a program breaks its parsers
 * or takes longer than 5 seconds, so that no text can hold up or harm another.
 */
export function createProgramPreparer(clock: Pick<Clock, "schedule">): ProgramPreparer {
  let thread: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let disposed = false;
  const drop = async (): Promise<void> => {
    const ended = thread;
    thread = undefined;
    await ended?.terminate();
  };

  const watched = (started: Worker): Worker =>
    started.on("exit", () => {
      if (thread === started) thread = undefined;
    });

  const ask = async (text: string): Promise<PreparationAnswer> => {
    if (disposed) throw new OptimizerError("shutting_down");
    thread ??= watched(startThread());
    const answer = await answerOf(thread, text, clock);
    if ("broken" in answer) await drop();
    else thread?.unref();
    return answer;
  };

  return {
    async prepare(text) {
      if (text.length > MAX_PROGRAM_LENGTH) {
        const detail = `it has ${text.length} characters; at most ${MAX_PROGRAM_LENGTH} are allowed`;
        throw new OptimizerError("program_invalid", { detail });
      }
      const turn = last.then(() => ask(text));
      last = turn.catch(() => undefined);
      const answer = await turn;
      if ("program" in answer) return answer.program;
      if ("broken" in answer) throw new OptimizerError("program_invalid", { detail: TOO_DEEP });
      throw OptimizerError.restore({ code: "program_invalid", ...answer });
    },
    dispose() {
      disposed = true;
      return drop();
    },
  };
}

function startThread(): Worker {
  const source = import.meta.url.endsWith(".ts");
  const url = new URL(`./preparation-thread.${source ? "ts" : "js"}`, import.meta.url);
  const execArgv = source ? ["--conditions=@mcp-optimizer/source"] : [];
  const resourceLimits = { stackSizeMb: 4, maxOldGenerationSizeMb: 256 };
  const worker = new Worker(url, { execArgv, env: {}, resourceLimits });
  // Without a listener an error of the thread would be one of this process.
  return worker.on("error", () => undefined);
}

function answerOf(
  thread: Worker,
  text: string,
  { schedule }: Pick<Clock, "schedule">,
): Promise<PreparationAnswer> {
  return new Promise((resolve) => {
    const finish = (answer: PreparationAnswer): void => {
      cancel();
      thread.off("message", finish).off("error", fail).off("exit", fail);
      resolve(answer);
    };
    const fail = (): void => finish({ broken: true });
    const cancel = schedule(DEADLINE_MS, fail);
    thread.on("message", finish).on("error", fail).on("exit", fail);
    thread.ref();
    thread.postMessage(text);
  });
}
