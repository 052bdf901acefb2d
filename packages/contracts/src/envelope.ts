import * as z from "zod";
import type { ExecutionMode } from "./feature-flags.ts";
import type { JsonValue } from "./json.ts";

/** Where the schema of envelopes is published; its file is `schema/response-v2.json` of this package. */
export const RESPONSE_SCHEMA = "https://mcp-optimizer.dev/schemas/response/v2";

/** What an answer tells about its making, under the names of the wire. */
export interface ResponseMetadata {
  /** o200k_base tokens of the program and the answer. */
  readonly tokens_used: number;
  readonly execution_time_ms: number;
  /** The answer is an earlier one. */
  readonly cache_hit: boolean;
  readonly mode: ExecutionMode;
  /** Which way an intent took: its tool, its program, or the program after the tool had failed. */
  readonly route?: "tool" | "code" | "fallback";
  readonly run_id?: string;
  /** The session that the run made, because its program kept something. */
  readonly session_id?: string;
}

/** An answer with its value. */
export interface SuccessEnvelope {
  readonly jsonrpc: "2.0";
  readonly result: {
    readonly status: "success";
    readonly data: JsonValue;
    readonly metadata: ResponseMetadata;
  };
  readonly schema: typeof RESPONSE_SCHEMA;
}

/** An answer with the reason why there is no value. */
export interface ErrorEnvelope {
  readonly jsonrpc: "2.0";
  readonly error: {
    /** HTTP-style status. */
    readonly code: number;
    readonly message: string;
    /** `code` is the stable error code, where there is one. */
    readonly data?: { readonly code?: string; readonly [field: string]: JsonValue | undefined };
  };
  readonly schema: typeof RESPONSE_SCHEMA;
}

/** What `executeIntent`, `executeCode` and `route` resolve with. */
export type ResponseEnvelope = SuccessEnvelope | ErrorEnvelope;

const metadata = z.strictObject({
  tokens_used: z.int().min(0),
  execution_time_ms: z.number().min(0),
  cache_hit: z.boolean(),
  mode: z.enum(["mcp_only", "code_execution", "hybrid"]),
  route: z.enum(["tool", "code", "fallback"]).optional(),
  run_id: z.string().optional(),
  session_id: z.string().optional(),
});

/** Checks an envelope. */
export const ResponseEnvelopeSchema: z.ZodType<ResponseEnvelope> = z.union([
  z.strictObject({
    jsonrpc: z.literal("2.0"),
    result: z.strictObject({ status: z.literal("success"), data: z.json(), metadata }),
    schema: z.literal(RESPONSE_SCHEMA),
  }),
  z.strictObject({
    jsonrpc: z.literal("2.0"),
    error: z.strictObject({
      code: z.int().min(400).max(599),
      message: z.string().min(1),
      data: z.looseObject({ code: z.string().optional() }).optional(),
    }),
    schema: z.literal(RESPONSE_SCHEMA),
  }),
]) as unknown as z.ZodType<ResponseEnvelope>;
