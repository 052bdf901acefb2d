import type { LedgerQuery, LedgerSum } from "@mcp-optimizer/contracts";
import { EXACT_CHARACTERS } from "./held-text.ts";
import type { LedgerFigures } from "./ledger-figures.ts";

/** What figures take for granted, in sentences. Pure. */
export function summaryNotes(
  figures: LedgerFigures,
  sums: readonly LedgerSum[],
  { runId, since }: Pick<LedgerQuery, "runId" | "since">,
  by: LedgerQuery["by"],
): string[] {
  const { baseline, definitions, failedCalls, media, results, arguments: args } = figures;
  const notes: string[] = [];
  const note = (holds: boolean, text: string): void => void (holds && notes.push(text));
  note(
    args.tokens + results.tokens > 0,
    "Without the optimizer, the model is taken to have made the same calls, one by one, each once.",
  );
  note(
    definitions.tokens > 0,
    "The lists count once a session. Clients send them with every request: the tokens that were processed differ by more than those of a context.",
  );
  note(
    runId === undefined && (since !== undefined || by === "day"),
    "The lists of a session count when it had them first, or anew: not with what it did later, in another period.",
  );
  note(runId !== undefined, "A run has no list of tools of its own: none counts, on either side.");
  note(
    runId === undefined && by !== "day" && by !== "run" && listless(sums),
    "Some of it belongs to no known session (runs of the command line, clients that name none): no list counts for it, on either side.",
  );
  note(
    baseline.estimated + figures.ours.estimated > 0,
    `Texts of over ${EXACT_CHARACTERS} characters were counted by samples of them.`,
  );
  note(
    failedCalls.tokens > 0,
    `${failedCalls.tokens} tokens of calls that failed programs made are in no sum: not all of them would have been made.`,
  );
  note(media > 0, `${media} images or other blocks that are no text count on neither side.`);
  return notes;
}

function listless(sums: readonly LedgerSum[]): boolean {
  const nobodys = sums.filter(({ key }) => key === undefined);
  return nobodys.length > 0 && nobodys.every(({ part }) => part !== "list");
}
