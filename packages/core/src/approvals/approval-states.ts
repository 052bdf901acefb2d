import { OptimizerError, type Clock } from "@mcp-optimizer/contracts";
import * as z from "zod";

/** What the state of a request for approval says; it is signed, and can be read by whoever has it. */
export interface ApprovalState {
  readonly tenant: string;
  readonly runId: string;
  /** Hash of the run's source. */
  readonly source: string;
  /** What was planned and asked about, one key for each call. */
  readonly calls: readonly string[];
  /** How many calls the log of the run had then. */
  readonly logged: number;
}

/** Signs states and reads them back. */
export interface ApprovalStates {
  /** How long a state is taken, in milliseconds. */
  readonly ttlMs: number;
  sign(state: ApprovalState): Promise<string>;
  /** Rejects with `approval_rejected` for a state that was not signed here, was changed, or is too old. */
  read(text: string): Promise<ApprovalState>;
}

/** How states are signed. */
export interface ApprovalStatesOptions {
  readonly clock: Pick<Clock, "now">;
  /** At least 32 bytes. Every process that shall take the states of another has the same. */
  readonly secret: Uint8Array;
  /** Default 600,000. */
  readonly ttlMs?: number;
}

const AUDIENCE = "mcp-optimizer/approval";
const Claims: z.ZodType<ApprovalState> = z.object({
  tenant: z.string(),
  runId: z.string(),
  source: z.string(),
  calls: z.array(z.string()),
  logged: z.int(),
});

/** Makes {@link ApprovalStates}: JSON Web Tokens with HMAC-SHA-256. */
export function createApprovalStates(options: ApprovalStatesOptions): ApprovalStates {
  const { clock, secret, ttlMs = 600_000 } = options;
  return {
    ttlMs,
    async sign(state) {
      const { SignJWT } = await import("jose");
      return await new SignJWT({ ...state })
        .setProtectedHeader({ alg: "HS256" })
        .setAudience(AUDIENCE)
        .setExpirationTime(Math.ceil((clock.now() + ttlMs) / 1_000))
        .sign(secret);
    },
    async read(text) {
      const { jwtVerify } = await import("jose");
      const checks = { algorithms: ["HS256"], audience: AUDIENCE, currentDate: new Date(clock.now()) };
      const verified = await jwtVerify(text, secret, checks).catch((cause: unknown) => {
        const late = (cause as { code?: unknown }).code === "ERR_JWT_EXPIRED";
        throw new OptimizerError("approval_rejected", {
          detail: late
            ? "the answer came too late; ask for the same work again"
            : "its state was not issued here, or was changed",
          data: { reason: "state" },
          cause,
        });
      });
      return Claims.parse(verified.payload);
    },
  };
}
