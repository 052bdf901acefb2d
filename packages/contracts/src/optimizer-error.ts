import { ERROR_CODES, type ErrorCode } from "./error-codes.ts";
import type { JsonObject } from "./json.ts";

const BRAND = Symbol.for("@mcp-optimizer/error");

/** What an {@link OptimizerError} may carry beside its code. */
export interface OptimizerErrorOptions {
  /** Shown after the code's fixed words. Must hold nothing secret. */
  readonly detail?: string | undefined;
  /** Machine-readable facts that may leave the process. */
  readonly data?: JsonObject | undefined;
  /** For the log only. */
  readonly cause?: unknown;
}

/** The one error class. `code` is stable; `message` is safe to show; `cause` is for the log. */
export class OptimizerError extends Error {
  override readonly name = "OptimizerError";
  readonly code: ErrorCode;
  /** HTTP-style status of the code. */
  readonly status: number;
  readonly data: JsonObject | undefined;

  constructor(code: ErrorCode, options: OptimizerErrorOptions = {}) {
    const { message, status } = ERROR_CODES[code];
    super(options.detail === undefined ? `${message}.` : `${message}: ${options.detail}`, {
      cause: options.cause,
    });
    this.code = code;
    this.status = status;
    this.data = options.data;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** The error that was made plain data: code, message and data as they were. */
  static restore(plain: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly data?: JsonObject;
  }): OptimizerError {
    const { code, message, data } = plain;
    const words = `${ERROR_CODES[code].message}: `;
    const bare = message === `${ERROR_CODES[code].message}.`;
    const detail = message.startsWith(words) ? message.slice(words.length) : message;
    return new OptimizerError(code, { ...(!bare && { detail }), data });
  }

  /** Whether a value is an OptimizerError, of this copy of the package or another. */
  static is(value: unknown): value is OptimizerError {
    return typeof value === "object" && value !== null && BRAND in value;
  }
}
