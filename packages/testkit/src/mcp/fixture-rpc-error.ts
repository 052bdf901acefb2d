import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";

/** Thrown by a fixture tool to be answered with this JSON-RPC error. */
export class FixtureRpcError extends Error {
  readonly code: number;
  readonly data: JsonValue | undefined;

  constructor(code: number, message: string, data?: JsonValue) {
    super(message);
    this.code = code;
    this.data = data;
  }

  /** The `error` member of the answer. */
  toJSON(): JsonObject {
    return {
      code: this.code,
      message: this.message,
      ...(this.data === undefined ? {} : { data: this.data }),
    };
  }
}
