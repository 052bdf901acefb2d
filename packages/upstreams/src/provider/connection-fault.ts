import type { ErrorCode } from "@mcp-optimizer/contracts";

/** What a fault carries beside its reason. */
export interface FaultDetails {
  /** The code of the calls that it ends. Default `upstream_failed`. */
  readonly code?: ErrorCode;
  readonly cause?: unknown;
}

/** Why a connection could not be made, or has ended. Its message is fit to show and follows the server's name. */
export class ConnectionFault extends Error {
  /** The code of calls that it ends. */
  readonly code: ErrorCode;

  constructor(reason: string, options: FaultDetails = {}) {
    super(reason, { cause: options.cause });
    this.code = options.code ?? "upstream_failed";
  }

  /** The same fault with what the server said aside; the fault itself when that is nothing. */
  with(said: string): ConnectionFault {
    return said === ""
      ? this
      : new ConnectionFault(`${this.message}: ${said}`, { code: this.code, cause: this.cause });
  }
}
