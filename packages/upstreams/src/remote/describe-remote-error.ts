import { SdkError, SdkErrorCode, SdkHttpError, SseError } from "@modelcontextprotocol/client";
import type { Redactor } from "../redactor.ts";

/** Says why a remote server cannot be used, in words that follow its name. */
export function describeRemoteError(error: unknown, redact: Redactor): string {
  const status = httpStatus(error);
  if (status === 401) return "requires authorization (HTTP 401); give it an Authorization header";
  if (status === 403) return "denies access (HTTP 403); check its headers";
  if (status !== undefined) return `answers with HTTP ${status}; check its url`;
  const network = networkCode(error);
  if (network !== undefined) return `cannot be reached (${network})`;
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) return "does not answer";
  return `refused the handshake: ${error instanceof Error ? redact(error.message, 300) : "unknown error"}`;
}

/** The HTTP status that an error tells of. */
export function httpStatus(error: unknown): number | undefined {
  if (error instanceof SdkHttpError) return error.status;
  if (error instanceof SseError) return error.code;
  if (error instanceof Error && error.name === "UnauthorizedError") return 401;
  return undefined;
}

/** The system's code of a network failure, such as `ECONNREFUSED`; undefined for any other error. */
export function networkCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause ?? dataCause(at), depth++) {
    const { code } = at as NodeJS.ErrnoException;
    if (
      typeof code === "string" &&
      /^(E[A-Z]{3,}|UND_ERR_\w+|CERT_\w+|DEPTH_ZERO\w+|SELF_SIGNED\w+)$/.test(code)
    )
      return code;
    if (at instanceof AggregateError) return networkCode(at.errors[0]);
    if (at instanceof TypeError && at.message === "fetch failed" && at.cause === undefined)
      return "network error";
  }
  return error instanceof SseError && error.code === undefined ? networkWords(error.message) : undefined;
}

function dataCause(error: Error): unknown {
  return error instanceof SdkError ? (error.data as { cause?: unknown } | undefined)?.cause : undefined;
}

/** The event source gives its failure as text only. */
function networkWords(message: string): string | undefined {
  return (
    /\b(E[A-Z]{4,})\b/.exec(message)?.[1] ?? (message.includes("fetch failed") ? "network error" : undefined)
  );
}
