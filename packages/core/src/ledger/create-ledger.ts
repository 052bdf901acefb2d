import type {
  Clock,
  LedgerPart,
  LedgerStore,
  Log,
  TokenCounter,
  ToolProvider,
} from "@mcp-optimizer/contracts";
import { INTENTS } from "../intents/intent-definition.ts";
import type { MetaToolParts } from "../meta-tools.ts";
import type { DirectRunner } from "../run/direct-run.ts";
import type { Executor } from "../run/executor.ts";
import type { CallObserver } from "../run/received-call.ts";
import type { RunReport, RunRequest } from "../run/run-report.ts";
import { createCountingQueue } from "./counting-queue.ts";
import { createHeldQuestions } from "./held-questions.ts";
import { createLedgerWriter } from "./ledger-writer.ts";
import { readSummary, type LedgerSummary, type SummaryQuery } from "./ledger-summary.ts";
import { createListCounter } from "./list-amounts.ts";
import { resultContent } from "./result-content.ts";
import { createRunTallies, type RunOwner } from "./run-tallies.ts";
import { serveRecorded, type ServedCall, type ServedExchange } from "./serve-recorded.ts";
import { createSessionLists } from "./session-lists.ts";
import { createTextCounting, type Countable } from "./text-counting.ts";
import { watchDirectRuns, watchPrograms } from "./watch-runs.ts";

/** What a ledger stands on. */
export interface LedgerParts {
  readonly store: LedgerStore;
  readonly counter: TokenCounter;
  readonly upstreams: readonly Pick<ToolProvider, "name" | "tools">[];
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** Reads what was spent. */
export interface LedgerReader {
  /** Sums up what is recorded, all that has happened until now included. Rejects with `store_unavailable`. */
  summary(query?: SummaryQuery): Promise<LedgerSummary>;
}

type Run = (request: RunRequest) => Promise<RunReport>;

/** Records what clients' contexts held, and what they would have held without us. */
export interface Ledger extends LedgerReader {
  /** Is to be told of results. */
  readonly observe: CallObserver;
  readonly programs: (executor: Executor) => Executor;
  readonly directRuns: (runner: DirectRunner) => DirectRunner;
  /** Serves the tools. */
  readonly serve: (parts: MetaToolParts) => ServedCall;
  /** Runs programs that came by no tool of ours: no list of tools belongs to them. */
  readonly runAlone: (run: Run) => Run;
  /** Another process has the client's side of a run whose calls are counted here. */
  readonly claim: (run: RunOwner) => void;
  /** Another process counts the calls of a run that is over, and whose client's side is counted here. */
  readonly ended: (run: RunOwner) => void;
  /** Counts and writes all that is left. */
  dispose(): Promise<void>;
}

type Owner = Omit<RunOwner, "runId"> & Partial<RunOwner>;

/** Makes a {@link Ledger}. Counting is done bit by bit, when answers are out. */
export function createLedger({ store, counter, upstreams, clock, log }: LedgerParts): Ledger {
  const queue = createCountingQueue();
  const writer = createLedgerWriter(store, log);
  const count = createTextCounting(counter, queue);
  let writes = false;
  const writeSoon = (): void => {
    if (writes) return;
    writes = true;
    queue.add(() => {
      writes = false;
      void writer.write();
    });
  };
  const tallies = createRunTallies((run, amounts) => {
    const owner = { ...ownerOf(run), at: clock.now() };
    writer.add(amounts.map((amount) => ({ ...amount, ...owner })));
    writeSoon();
  });
  const questions = createHeldQuestions();
  const lists = createListCounter(counter);
  const sessions = createSessionLists({ upstreams, lists, queue, writer, clock, written: writeSoon });

  const observe: CallObserver = ({ tenant, session, runId, tool, args, result, provisional }) => {
    if (tool.server === INTENTS || provisional) return;
    const run: RunOwner = { tenant, session, runId };
    const tally = (part: LedgerPart, what: Countable): void => {
      const text = tallies.expect(run, part, tool.path);
      text.long(count(what, text.counted));
    };
    const content = resultContent(result);
    tally("arguments", { texts: [], value: args });
    tally("results", content);
    if (content.media > 0) tallies.note(run, "media", tool.path, content.media);
  };
  const spend = (owner: Owner, part: LedgerPart, subject: string, pieces: number, what: Countable): void => {
    const entry = { ...ownerOf(owner), at: clock.now(), part, subject, count: pieces };
    count(what, (counted) => {
      writer.add([{ ...entry, ...counted }]);
      writeSoon();
    });
  };
  const tell = (owner: Owner, exchange: ServedExchange): void => {
    const { kind, name, args, result, failed, asks, answers } = exchange;
    const { runId } = owner;
    if (runId !== undefined) tallies.claim({ ...owner, runId });
    const session = JSON.stringify([owner.tenant, owner.session]);
    const goesOn = answers !== undefined && questions.answered(answers);
    questions.read(session);
    const [sent, got] = failed ? (["retries", "retries"] as const) : PARTS[kind];
    // What a person has answered is sent once more by the client, and not by the model.
    if (!goesOn) spend(owner, sent, name, 1, { texts: [], value: args });
    // One search has a question and an answer.
    const record = (): void => spend(owner, got, name, sent === got ? 0 : 1, resultContent(result));
    if (asks === undefined) record();
    else questions.hold(session, asks, record);
  };

  return {
    observe,
    programs: (executor) => watchPrograms(executor, tallies),
    directRuns: (runner) => watchDirectRuns(runner, tallies),
    serve: (parts) =>
      serveRecorded(
        parts,
        (options) => sessions.see(options, parts.exposure(options).tools),
        (exchange, { tenant = "local", session }) =>
          tell({ tenant, session, ...(exchange.runId && { runId: exchange.runId }) }, exchange),
      ),
    claim: (run) => tallies.claim(run),
    ended: (run) => tallies.end(run, false),
    runAlone: (run) => async (request) => {
      const report = await run(request);
      const { runId, error, tokens } = report;
      const owner = { tenant: request.tenant ?? "local", session: request.session, runId };
      tallies.claim(owner);
      const failed = error !== undefined && error.code !== "approval_required";
      const entry = { ...ownerOf(owner), at: clock.now(), subject: "run_code", estimated: 0 };
      const [sent, got] = failed ? (["retries", "retries"] as const) : PARTS.program;
      writer.add([
        { ...entry, part: sent, count: 1, tokens: tokens.program },
        { ...entry, part: got, count: failed ? 0 : 1, tokens: tokens.answer },
      ]);
      writeSoon();
      return report;
    },
    async summary(query) {
      await queue.drained();
      await writer.write();
      return await readSummary(store, counter.encoding, query);
    },
    async dispose() {
      questions.read();
      await queue.drained();
      await writer.write();
    },
  };
}

const PARTS = {
  search: ["search", "search"],
  program: ["programs", "answers"],
  direct: ["direct", "direct"],
} as const satisfies Record<ServedExchange["kind"], readonly LedgerPart[]>;

const ownerOf = ({
  tenant,
  session,
  runId,
}: Owner): { tenant: string; session?: string; runId?: string } => ({
  tenant,
  ...(session !== undefined && { session }),
  ...(runId !== undefined && { runId }),
});
