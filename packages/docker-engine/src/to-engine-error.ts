import { OptimizerError } from "@mcp-optimizer/contracts";
import { createEngineError } from "./engine-fault.ts";

interface RawFailure {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly message?: unknown;
}

/** Turns what a client of the engine's API throws into an error of contracts. The daemon's own words stay in the cause. */
export function toEngineError(raw: unknown, what: string, socketPath: string): OptimizerError {
  if (OptimizerError.is(raw)) return raw;
  const { code, statusCode, message } = (raw ?? {}) as RawFailure;
  const words = typeof message === "string" ? message : "";
  switch (code) {
    case "ENOENT":
    case "ECONNREFUSED":
    case "ENOTSOCK":
      return createEngineError(
        "daemon_missing",
        `no container daemon answers at ${socketPath}; start Docker, or set its socket`,
        raw,
      );
    case "EACCES":
    case "EPERM":
      return createEngineError(
        "socket_permission",
        `this user may not open ${socketPath}; add the user to the socket's group, or set another socket`,
        raw,
      );
    case "ECONNRESET":
    case "EPIPE":
      return createEngineError("daemon_lost", `the container daemon went away while asked to ${what}`, raw);
  }
  if (/no space left on device|disk quota exceeded/i.test(words)) {
    return createEngineError("disk_full", "the container daemon's disk is full; free some space", raw);
  }
  if (/unknown runtime|invalid runtime name/i.test(words)) {
    return createEngineError("runtime_missing", "the container daemon has no such runtime; register it", raw);
  }
  if (/no such image|manifest unknown/i.test(words)) {
    return createEngineError(
      "image_missing",
      "the container daemon has no such image; build or load it",
      raw,
    );
  }
  if (/executable file not found|exec format error|\bno such file or directory\b.*\bunknown\b/i.test(words)) {
    return createEngineError(
      "image_unfit",
      "the image cannot run the guest; build one from the published Dockerfile",
      raw,
    );
  }
  if (statusCode === 404) return createEngineError("not_found", `nothing to ${what}`, raw);
  if (statusCode === 409) return createEngineError("conflict", `the state does not allow to ${what}`, raw);
  const status = typeof statusCode === "number" ? ` (status ${statusCode})` : "";
  return createEngineError(
    "failed",
    `the container daemon could not ${what}${status}; its log says why`,
    raw,
  );
}
