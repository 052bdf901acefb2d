import * as z from "zod";

/** How requests are served: by the upstream tools themselves, by programs, or by whichever costs less. */
export type ExecutionMode = "mcp_only" | "code_execution" | "hybrid";

/** Switches of the optimizer. Those for metrics, proposed fixes and context speak to parts that read them; a part that is not there leaves them without effect. */
export interface FeatureFlags {
  /** Default `hybrid`. */
  executionMode: ExecutionMode;
  /** Programs run in a sandbox. Default true; false is refused in production. */
  enableSandbox: boolean;
  /** Equal calls of tools and intents that only read are answered from earlier ones. Default true. */
  enableCaching: boolean;
  /** Metrics are collected. Default true. */
  enableMetrics: boolean;
  /** Fixes that an adaptor proposes are applied without a question. Default false. */
  enableAutoApply: boolean;
  /** Tokens that one intent may cost, as estimated before it runs. Default 1,000. Where it is set, it holds for programs, too. */
  maxTokensPerRequest: number;
  /** How long what was read answers equal calls, in seconds, unless a write comes first. Default 300; 0 never. */
  cacheTtlSeconds: number;
  /** Context of one session, in KB of 1,024 bytes. Default 100. */
  contextSizeLimitKb: number;
}

/** The defaults of {@link FeatureFlags}. */
export const DEFAULT_FEATURE_FLAGS: Readonly<FeatureFlags> = {
  executionMode: "hybrid",
  enableSandbox: true,
  enableCaching: true,
  enableMetrics: true,
  enableAutoApply: false,
  maxTokensPerRequest: 1_000,
  cacheTtlSeconds: 300,
  contextSizeLimitKb: 100,
};

/** Checks flags as a configuration gives them; those that are left out have their defaults. */
export const FeatureFlagsSchema: z.ZodType<Partial<FeatureFlags>> = z.strictObject({
  executionMode: z.enum(["mcp_only", "code_execution", "hybrid"]).optional(),
  enableSandbox: z.boolean().optional(),
  enableCaching: z.boolean().optional(),
  enableMetrics: z.boolean().optional(),
  enableAutoApply: z.boolean().optional(),
  maxTokensPerRequest: z.int().min(1).max(10_000_000).optional(),
  cacheTtlSeconds: z.int().min(0).max(31_536_000).optional(),
  contextSizeLimitKb: z.int().min(1).max(1_048_576).optional(),
}) as unknown as z.ZodType<Partial<FeatureFlags>>;
