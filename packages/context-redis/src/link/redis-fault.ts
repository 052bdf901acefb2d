import { OptimizerError } from "@mcp-optimizer/contracts";

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/WRONGPASS|invalid password|NOAUTH|without any password/i, "Redis does not take the user and password"],
  [/NOPERM/, "the Redis user may not use this command or key"],
  [/\bOOM\b/, "Redis is out of memory"],
  [
    /READONLY|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MISCONF|LOADING|UNBLOCKED/,
    "Redis takes no writes just now",
  ],
  [
    /certificate|self-signed|altname|wrong version number|EPROTO/i,
    "Redis and the certificates for TLS do not fit",
  ],
  [/timed out|ETIMEDOUT|Socket timeout/i, "Redis did not answer in time"],
];
const NOT_DONE = /\b(READONLY|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|LOADING)\b|^(MOVED|ASK) /;
const NOT_SENT = /enableOfflineQueue|Redis is not connected/;
const LOST =
  /Connection is closed|Socket timeout|ECONN|EPIPE|MaxRetriesPerRequest|max retries per request|aborted/i;

/** What went wrong with Redis as `store_unavailable`; an OptimizerError stays as it is. Hosts and passwords are in the cause alone. */
export function redisFault(cause: unknown): OptimizerError {
  if (OptimizerError.is(cause)) return cause;
  const message = messageOf(cause);
  const words = WORDS.find(([pattern]) => pattern.test(message))?.[1] ?? "Redis cannot be reached";
  return new OptimizerError("store_unavailable", { detail: words, cause });
}

/** Whether Redis says that it has not done it, and may do it soon; or it was never asked. */
export const isNotDone = (error: unknown): boolean =>
  NOT_DONE.test(messageOf(error)) || NOT_SENT.test(messageOf(error));

/** Whether the connection was lost: it may have been done. */
export const isLost = (error: unknown): boolean => LOST.test(messageOf(error));

/** Whether the user or password is not taken. */
export const isRefused = (error: unknown): boolean => WORDS[0]![0].test(messageOf(error));

/** What a cluster says of all its nodes hides what the last one said. */
function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const last = "lastNodeError" in cause ? cause.lastNodeError : undefined;
  return last instanceof Error ? last.message : cause.message;
}
