import type { ApprovalRequest, JsonObject, PlannedCall } from "@mcp-optimizer/contracts";
import { shownText } from "./shown-text.ts";

const MESSAGE_CHARACTERS = 8_000;
const NAME_CHARACTERS = 200;
const REASON_CHARACTERS = 200;
/** Each argument is cut for itself, so that a long one cannot hide the others. */
const ARGUMENT_CHARACTERS = 160;
const ARGUMENTS = 12;

/** What a person reads before they decide: every planned call that fits, those that are asked about first in the choice, in the order of the plan. */
export function approvalMessage({ runId, calls, complete, expiresAt }: ApprovalRequest): string {
  const asked = calls.filter((call) => call.asked).length;
  const which = asked < calls.length ? `${asked} of them` : asked === 1 ? "it" : "all of them";
  const head = `The run ${shownText(runId, NAME_CHARACTERS)} wants to make ${counted(calls.length, "call")}, and asks for your approval of ${which}. Nothing of it has been done.`;
  const { lines, left, leftAsked } = fitting(calls);
  const unseen =
    left === 0
      ? []
      : [`… and ${counted(left, "call")} more, not shown; approval is asked of ${leftAsked} of those.`];
  const rest = complete
    ? "This is the whole plan."
    : "This is not the whole plan: the program could not be followed to its end, and may ask again.";
  return [
    head,
    ...lines,
    ...unseen,
    rest,
    `An answer is taken until ${new Date(expiresAt).toISOString()}.`,
  ].join("\n");
}

function fitting(calls: readonly PlannedCall[]): { lines: string[]; left: number; leftAsked: number } {
  const numbered = calls.map((call, index) => ({ call, index }));
  const chosen: { index: number; line: string }[] = [];
  let room = MESSAGE_CHARACTERS;
  let left = 0;
  let leftAsked = 0;
  for (const { call, index } of [
    ...numbered.filter((each) => each.call.asked),
    ...numbered.filter((each) => !each.call.asked),
  ]) {
    // Once one does not fit, no later one is taken: the list stays a beginning of what is asked.
    const line = left > 0 ? "" : callLine(call, index);
    if (left > 0 || line.length > room) {
      left += 1;
      if (call.asked) leftAsked += 1;
      continue;
    }
    room -= line.length;
    chosen.push({ index, line });
  }
  const lines = chosen.sort((one, other) => one.index - other.index).map(({ line }) => line);
  return { lines, left, leftAsked };
}

function callLine({ tool, args, effect, asked, reason }: PlannedCall, index: number): string {
  const why = `${effect}${asked ? ", needs approval" : ""}${reason === "" ? "" : `: ${shownText(reason, REASON_CHARACTERS)}`}`;
  return `${index + 1}. ${shownText(tool, NAME_CHARACTERS)} (${why})\n   ${argumentList(args)}`;
}

function argumentList(args: JsonObject): string {
  const entries = Object.entries(args);
  if (entries.length === 0) return "without arguments";
  const shown = entries
    .slice(0, ARGUMENTS)
    .map(
      ([name, value]) =>
        `${shownText(name, ARGUMENT_CHARACTERS)}: ${shownText(JSON.stringify(value), ARGUMENT_CHARACTERS)}`,
    );
  const left = entries.length - shown.length;
  return [...shown, ...(left > 0 ? [`… and ${counted(left, "argument")} more`] : [])].join(", ");
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
