import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";
import type { RunContext } from "./run-context.ts";

/** What programs may call beside the tools: by its name in the guest, such as `vault.open`. A function rejects, or throws, with OptimizerError. */
export type HostFunctions = Readonly<Record<string, HostFunction>>;

/** Answers a call of a program. `signal` aborts when the run is over. */
export type HostFunction = (
  context: RunContext,
  args: readonly JsonValue[],
  signal: AbortSignal,
) => JsonValue | undefined | Promise<JsonValue | undefined>;

/** The first argument of a call, which has to be a text; `wanted` says what it is where that is not plain. Throws `invalid_params`. */
export function textArgument(
  call: string,
  [text]: readonly JsonValue[],
  wanted = "a text as its first argument",
): string {
  if (typeof text === "string" && text !== "") return text;
  throw new OptimizerError("invalid_params", { detail: `${call} takes ${wanted}` });
}
