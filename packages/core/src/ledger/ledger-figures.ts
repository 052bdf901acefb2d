import type { LedgerPart, LedgerSum } from "@mcp-optimizer/contracts";
import { computedFigure, measuredFigure, type Figure } from "./figure.ts";

/** What was spent and what would have been, each figure with its mark. */
export interface LedgerFigures {
  /** Without the optimizer: the servers' own tools, as a client puts them before a model; and the same calls, one by one. */
  readonly definitions: Figure;
  readonly arguments: Figure;
  readonly results: Figure;
  /** Their sum. */
  readonly baseline: Figure;
  /** With it: the list of tools as it was served. */
  readonly list: Figure;
  /** Questions and answers of `search_tools`. */
  readonly search: Figure;
  /** What was sent to `run_code`, and what came back, where it came to something. */
  readonly programs: Figure;
  readonly answers: Figure;
  /** Calls of upstream tools that were passed through: arguments and results. */
  readonly direct: Figure;
  /** Attempts that failed, with their answers. */
  readonly retries: Figure;
  /** The sum of these six. */
  readonly ours: Figure;
  /** `definitions - list`. */
  readonly definitionsAvoided: Figure;
  /** `baseline - ours`; below zero where the optimizer cost more. */
  readonly saved: Figure;
  /** `saved` as a share of `baseline`, from 1 downwards; absent where the baseline is nothing. */
  readonly savedShare?: number;
  /** The lists with every field, as they go over the wire but for the order of fields, which is that of the parser. */
  readonly definitionsWire: Figure;
  readonly listWire: Figure;
  /** Calls of programs that failed. Who calls tool by tool might not have made them: they are in no sum. */
  readonly failedCalls: Figure;
  /** How many images and other blocks came that are no text. They are counted on neither side. */
  readonly media: number;
}

/** Makes figures of sums. Pure. */
export function ledgerFigures(sums: readonly LedgerSum[]): LedgerFigures {
  const of = (part: LedgerPart): Figure => measuredFigure(sums.filter((sum) => sum.part === part));
  const without = { definitions: of("definitions"), arguments: of("arguments"), results: of("results") };
  const withUs = {
    list: of("list"),
    search: of("search"),
    programs: of("programs"),
    answers: of("answers"),
    direct: of("direct"),
    retries: of("retries"),
  };
  const baseline = computedFigure(Object.values(without));
  const ours = computedFigure(Object.values(withUs));
  const saved = computedFigure([baseline], [ours]);
  return {
    ...without,
    baseline,
    ...withUs,
    ours,
    definitionsAvoided: computedFigure([without.definitions], [withUs.list]),
    saved,
    ...(baseline.tokens > 0 && { savedShare: saved.tokens / baseline.tokens }),
    definitionsWire: of("definitions_wire"),
    listWire: of("list_wire"),
    failedCalls: of("failed_calls"),
    media: of("media").count ?? 0,
  };
}
