import type { LedgerAmount, LedgerPart } from "@mcp-optimizer/contracts";
import type { CallTokens } from "../run/run-report.ts";
import { CHARACTERS_A_TOKEN, type TextTokens } from "./held-text.ts";

/** Whose run it is. */
export interface RunOwner {
  readonly tenant: string;
  readonly session?: string | undefined;
  readonly runId: string;
}

/** A text that is being counted. */
export interface PendingText {
  readonly counted: (tokens: TextTokens) => void;
  /** How long it is. Until it is known, it is taken for nothing. */
  readonly long: (characters: number) => void;
}

/** Adds up what the calls of runs would have cost, until it is known how the run ended and that a model asked for it. */
export interface RunTallies {
  /** A text will be counted. Gives what is to be told when it is. */
  expect(run: RunOwner, part: LedgerPart, subject: string): PendingText;
  /** Something without tokens. */
  note(run: RunOwner, part: LedgerPart, subject: string, count: number): void;
  /** The run was asked for by someone whose side is in the ledger. */
  claim(run: RunOwner): void;
  /** An attempt at the run is over. */
  end(run: RunOwner, failed: boolean): void;
  /** At four characters a token for what is not counted yet. Undefined for a run without calls. */
  soFar(run: RunOwner): CallTokens | undefined;
}

interface Tally {
  readonly run: RunOwner;
  readonly amounts: Map<string, LedgerAmount>;
  /** Texts that are not counted yet, and their characters. */
  texts: number;
  characters: number;
  claimed: boolean;
  failed: boolean | undefined;
}

/** Runs of which the end, or the claim, is not known; over it, those that began first are given up. */
const MOST_RUNS = 1_000;

/** Makes {@link RunTallies}; `done` is told what a run comes to, once. */
export function createRunTallies(
  done: (run: RunOwner, amounts: readonly LedgerAmount[]) => void,
): RunTallies {
  const tallies = new Map<string, Tally>();
  const keyOf = ({ tenant, runId }: RunOwner): string => JSON.stringify([tenant, runId]);
  const tallyOf = (run: RunOwner): Tally => {
    const key = keyOf(run);
    let tally = tallies.get(key);
    if (tally === undefined) {
      tally = { run, amounts: new Map(), texts: 0, characters: 0, claimed: false, failed: undefined };
      tallies.set(key, tally);
      if (tallies.size > MOST_RUNS) tallies.delete(tallies.keys().next().value!);
    }
    return tally;
  };
  const put = (tally: Tally, part: LedgerPart, subject: string, count: number, counted: TextTokens): void => {
    const key = `${part} ${subject}`;
    const { count: before, tokens, estimated } = tally.amounts.get(key) ?? NOTHING;
    tally.amounts.set(key, {
      part,
      subject,
      count: before + count,
      tokens: tokens + counted.tokens,
      estimated: estimated + counted.estimated,
    });
  };
  const settle = (tally: Tally): void => {
    if (tally.failed === undefined || tally.texts > 0 || !tally.claimed) return;
    tallies.delete(keyOf(tally.run));
    const amounts = [...tally.amounts.values()];
    done(tally.run, tally.failed ? asFailed(amounts) : amounts);
  };

  return {
    expect(run, part, subject) {
      const tally = tallyOf(run);
      let length = 0;
      tally.texts += 1;
      return {
        long(characters) {
          length = characters;
          tally.characters += characters;
        },
        counted(tokens) {
          tally.texts -= 1;
          tally.characters -= length;
          put(tally, part, subject, 1, tokens);
          settle(tally);
        },
      };
    },
    note: (run, part, subject, count) => put(tallyOf(run), part, subject, count, NO_TOKENS),
    claim(run) {
      const tally = tallyOf(run);
      tally.claimed = true;
      settle(tally);
    },
    end(run, failed) {
      const tally = tallyOf(run);
      tally.failed = failed;
      settle(tally);
    },
    soFar(run) {
      const tally = tallies.get(keyOf(run));
      if (tally === undefined || (tally.texts === 0 && tally.amounts.size === 0)) return undefined;
      const counted = [...tally.amounts.values()];
      const tokens = counted.reduce((sum, amount) => sum + amount.tokens, 0);
      const estimated = tally.texts > 0 || counted.some((amount) => amount.estimated > 0);
      return {
        tokens: tokens + Math.round(tally.characters / CHARACTERS_A_TOKEN),
        mark: estimated ? "estimated" : "measured",
      };
    },
  };
}

const NO_TOKENS: TextTokens = { tokens: 0, estimated: 0 };
const NOTHING = { count: 0, ...NO_TOKENS };

/** Whoever calls tool by tool might not have made the calls of a program that failed: they stand apart. */
function asFailed(amounts: readonly LedgerAmount[]): LedgerAmount[] {
  return amounts.flatMap((amount) => {
    if (amount.part !== "arguments" && amount.part !== "results") return [];
    return [{ ...amount, part: "failed_calls", count: amount.part === "results" ? amount.count : 0 }];
  });
}
