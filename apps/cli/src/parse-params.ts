import type { JsonObject } from "@mcp-optimizer/contracts";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";

/** Reads the JSON object of `--params`. Throws `invalid_params`. */
export function parseParams(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new OptimizerError("invalid_params", { detail: "--params is no JSON", cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new OptimizerError("invalid_params", { detail: "--params is not a JSON object" });
}
