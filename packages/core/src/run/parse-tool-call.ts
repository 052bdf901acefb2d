import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";

/** A `tools.call(name, args, options)` of a program. */
export interface ParsedToolCall {
  /** What the tool is called with. */
  readonly given: readonly JsonValue[];
  /** The server is asked, whatever was read before. */
  readonly fresh: boolean;
}

/** What follows the name in a `tools.call`. Throws `invalid_params` for options that there are not. */
export function parseToolCall([, ...given]: readonly JsonValue[]): ParsedToolCall {
  const [args, options] = given;
  if (given.length !== 2 || typeof options !== "object" || options === null || Array.isArray(options)) {
    return { given, fresh: false };
  }
  const { fresh = false, ...others } = options;
  if (typeof fresh !== "boolean" || Object.keys(others).length > 0) {
    throw new OptimizerError("invalid_params", {
      detail: "tools.call(name, args, options) takes { fresh: true } as its options, or none",
    });
  }
  return { given: [args ?? {}], fresh };
}
