import {
  OptimizerError,
  type GuestError,
  type JsonObject,
  type ToolProgress,
} from "@mcp-optimizer/contracts";

/** What a handler gave, as it is kept. */
type Answer = { readonly value: JsonObject } | { readonly error: GuestError };

/** What is told of a job while it is done. */
export type JobNews = { readonly progress: ToolProgress } | { readonly look: true } | { readonly over: true };

const LARGEST_ANSWER = 64 * 1_048_576;

/** Writes what a handler resolved with. Throws `output_limit` for more than 64 MiB. */
export function answerText(value: JsonObject): string {
  const text = JSON.stringify({ value } satisfies Answer);
  if (Buffer.byteLength(text) <= LARGEST_ANSWER) return text;
  throw new OptimizerError("output_limit", {
    detail: "what a run gives may have 64 MiB in the queue; what it did is in the execution log",
  });
}

/** Writes what a handler rejected with. */
export function errorText(cause: unknown): string {
  const { code, message, data } = OptimizerError.is(cause)
    ? cause
    : new OptimizerError("internal", { cause });
  return JSON.stringify({ error: { code, message, ...(data && { data }) } } satisfies Answer);
}

/** Reads an answer. Throws the error that it holds. */
export function readAnswer(text: string): JsonObject {
  const answer = JSON.parse(text) as Answer;
  if ("error" in answer) throw OptimizerError.restore(answer.error);
  return answer.value;
}

/** Reads news of a job. */
export const readNews = (text: string): JobNews => JSON.parse(text) as JobNews;

/** Writes news of a job. */
export const newsText = (news: JobNews): string => JSON.stringify(news);
