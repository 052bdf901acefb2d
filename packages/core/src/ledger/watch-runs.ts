import { OptimizerError } from "@mcp-optimizer/contracts";
import type { DirectRunner } from "../run/direct-run.ts";
import type { Executor } from "../run/executor.ts";
import type { RunTallies } from "./run-tallies.ts";

/** The same executor; tallies are told how its runs end, and reports of how much their calls come to. Parts of other runs are theirs. */
export function watchPrograms(executor: Executor, tallies: Pick<RunTallies, "end" | "soFar">): Executor {
  return {
    async run(request) {
      const done = await executor.run(request);
      if (request.within !== undefined) return done;
      const { report } = done;
      const { tenant = "local", session } = request;
      const run = { tenant, session, runId: report.runId };
      const calls = tallies.soFar(run);
      tallies.end(run, isFailure(report.error?.code));
      if (calls === undefined) return done;
      return { ...done, report: { ...report, tokens: { ...report.tokens, calls } } };
    },
  };
}

/** The same runner; tallies are told how its runs end. */
export function watchDirectRuns(runner: DirectRunner, tallies: Pick<RunTallies, "end">): DirectRunner {
  return async (source, options, work) => {
    if (options.within !== undefined) return await runner(source, options, work);
    const { tenant = "local", session } = options;
    let { runId } = options;
    const end = (failed: boolean): void => {
      if (runId !== undefined) tallies.end({ tenant, session, runId }, failed);
    };
    try {
      const done = await runner(source, options, async (run) => {
        ({ runId } = run);
        return await work(run);
      });
      end(false);
      return done;
    } catch (error) {
      end(isFailure(OptimizerError.is(error) ? error.code : "internal"));
      throw error;
    }
  };
}

/** Calls of a run that waits for approval are made: it goes on after them. */
const isFailure = (code: string | undefined): boolean => code !== undefined && code !== "approval_required";
