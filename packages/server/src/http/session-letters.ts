import { OptimizerError, type Clock, type JsonObject, type Log } from "@mcp-optimizer/contracts";
import { answeredId, cancellationTarget, field, messagesIn } from "./client-message.ts";
import type { Session } from "./session.ts";
import type { SharedSessions } from "./shared-sessions.ts";
import { parseWireId } from "./wire-ids.ts";

/** A person's answer to a form is small, and there are not many. */
const MAX_ANSWER_CHARACTERS = 4_096;
const MAX_ANSWERS = 64;
const LETTERS_MS = 600_000;
/** In an id of a request that is told to others. */
const MAX_ID_CHARACTERS = 256;

/** How many answers each session has left since when: nobody knows here whether they answer anything. */
const left = new WeakMap<Session, { readonly since: number; readonly count: number }>();

/** What letters are sent with. */
export interface LetterParts {
  readonly shared: SharedSessions;
  /** This process. */
  readonly instance: string;
  readonly clock: Pick<Clock, "elapsed">;
  readonly log: Log;
}

/**
 * Takes what a client says to other processes there, and resolves with what is for this one. Rejects with `store_unavailable` when an answer
 * could not be left, and with `context_limit` for one that is too large, or too many.
 */
export async function sortMessages(
  { shared, instance, clock, log }: LetterParts,
  session: Session,
  id: string,
  body: unknown,
): Promise<unknown[]> {
  const own: unknown[] = [];
  for (const message of messagesIn(body)) {
    const question = parseWireId(answeredId(message));
    if (question === undefined || question.instance === instance) {
      own.push(message);
      // Nobody waits for what comes of it.
      const told = forAll(message);
      if (told !== undefined) shared.notify(session.owner, id, told).catch(missed(log));
      continue;
    }
    if (JSON.stringify(message).length > MAX_ANSWER_CHARACTERS) {
      throw new OptimizerError("context_limit", {
        detail: `an answer has at most ${MAX_ANSWER_CHARACTERS} characters`,
      });
    }
    countLetter(session, clock.elapsed());
    await shared.answer(session.owner, id, question, message as JsonObject);
  }
  return own;
}

const missed = (log: Log) => (cause: unknown) =>
  log({ level: "warn", message: "A client's notification did not reach other processes.", cause });

/** What other processes have to know of a notification, which may concern a request or a stream there; undefined for any other message. */
function forAll(message: unknown): JsonObject | undefined {
  const method = field(message, "method");
  if (method === "notifications/initialized") return { jsonrpc: "2.0", method };
  const requestId = cancellationTarget(message);
  if (requestId === undefined || String(requestId).length > MAX_ID_CHARACTERS) return undefined;
  return { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId } };
}

function countLetter(session: Session, now: number): void {
  const before = left.get(session);
  const { since, count } =
    before !== undefined && now - before.since < LETTERS_MS ? before : { since: now, count: 0 };
  if (count >= MAX_ANSWERS) {
    throw new OptimizerError("context_limit", {
      detail: `at most ${MAX_ANSWERS} answers are taken in ten minutes`,
    });
  }
  left.set(session, { since, count: count + 1 });
}
