import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import { OptimizerError, type Clock, type JsonObject } from "@mcp-optimizer/contracts";
import { MAX_PROGRAM_LENGTH } from "./max-program-length.ts";
import type { PreparedProgram } from "./prepare-program.ts";

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

/** A text that takes more CPU time than this to parse was made for that. In milliseconds. */
const MOST_CPU_MS = 5_000;
/** How often a thread that gets too little CPU time is given more time. */
const MOST_LOOKS = 12;
const TOO_DEEP = "it is nested too deeply, or takes too long to parse; write it plainly";

/**
 * Makes a preparer. One program at a time; the thread starts with the first, and is replaced when a program breaks its parsers
 * or takes more than 5 seconds of CPU time, so that no text can hold up or harm another.
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
  // A thread keeps nothing compiled unless it is told where.
  const compiled = getCompileCacheDir();
  const env = compiled === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compiled) };
  const worker = new Worker(url, { execArgv, env, resourceLimits });
  // Without a listener an error of the thread would be one of this process.
  return worker.on("error", () => undefined);
}

function answerOf(
  thread: Worker,
  text: string,
  { schedule }: Pick<Clock, "schedule">,
): Promise<PreparationAnswer> {
  const before = cpuMsOf(thread);
  return new Promise((resolve) => {
    let looks = 0;
    let answered = false;
    let cancel = (): void => {};
    const finish = (answer: PreparationAnswer): void => {
      answered = true;
      cancel();
      thread.off("message", finish).off("error", fail).off("exit", fail);
      resolve(answer);
    };
    const fail = (): void => finish({ broken: true });
    // On a busy machine time passes without the thread.
    const look = async (): Promise<void> => {
      looks += 1;
      cancel = schedule(MOST_CPU_MS, fail);
      const used = (await cpuMsOf(thread)) - (await before);
      if (answered) return;
      cancel();
      if (used >= MOST_CPU_MS || looks >= MOST_LOOKS) fail();
      else cancel = schedule(MOST_CPU_MS, () => void look());
    };
    cancel = schedule(MOST_CPU_MS, () => void look());
    thread.on("message", finish).on("error", fail).on("exit", fail);
    thread.ref();
    thread.postMessage(text);
  });
}

/** CPU time of a thread so far; infinite where it cannot be had: in a thread that has ended, and before Node 24.6. */
async function cpuMsOf(thread: Worker): Promise<number> {
  try {
    const { user, system } = await thread.cpuUsage();
    return (user + system) / 1_000;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
