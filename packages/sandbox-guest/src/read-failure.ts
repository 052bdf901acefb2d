import { isErrorCode, type ErrorCode, type GuestFailure, type JsonValue } from "@mcp-optimizer/contracts";
import { violation } from "./parse-frame.ts";

/** Codes that only the host gives. A guest that claims one is a program that failed. */
const HOST_ONLY: ReadonlySet<ErrorCode> = new Set([
  "sandbox_violation",
  "timeout",
  "cpu_limit",
  "sandbox_unavailable",
  "shutting_down",
  "config_invalid",
]);

/** A failure as a guest tells it, taken field by field. Throws `sandbox_violation` when it is malformed. */
export function readFailure(value: JsonValue): GuestFailure {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw violation("a failure is malformed");
  }
  const { code, message, name, tool, data, position } = value;
  if (!isErrorCode(code) || typeof message !== "string" || message.length > 100_000) {
    throw violation("a failure is malformed");
  }
  return {
    code: HOST_ONLY.has(code) ? "program_failed" : code,
    message,
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof tool === "string" ? { tool } : {}),
    ...(typeof data === "object" && data !== null && !Array.isArray(data) ? { data } : {}),
    ...readPosition(position),
  };
}

function readPosition(position: JsonValue | undefined): Pick<GuestFailure, "position"> {
  if (typeof position !== "object" || position === null || Array.isArray(position)) {
    return {};
  }
  const { line, column } = position;
  return isPlace(line) && isPlace(column) ? { position: { line, column } } : {};
}

function isPlace(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}
