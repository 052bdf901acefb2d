/** Why a request is not served. */
export interface Refusal {
  /**
   * `no_token`: it proves nothing. `invalid_request`: its proof cannot be read. `invalid_token`: it is not, no more, or not here a proof.
   * `insufficient_scope`: it proves too little. `unavailable`: whether it proves anything cannot be known now.
   */
  readonly refused: "no_token" | "invalid_request" | "invalid_token" | "insufficient_scope" | "unavailable";
  /** For the client. Holds nothing of what it sent. */
  readonly why: string;
  /** For the operator's log. Holds no token. Default: what the client is told. */
  readonly cause?: unknown;
}

/** Whether a request is refused. */
export function isRefusal(value: object): value is Refusal {
  return "refused" in value;
}

/** A token that proves nothing; nobody is told in what way, but by the cause for the log. */
export function invalidToken(cause?: unknown): Refusal {
  return {
    refused: "invalid_token",
    why: "the token is not valid here, or not any more",
    ...(cause !== undefined && { cause }),
  };
}
