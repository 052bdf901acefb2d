import {
  FeatureFlagsSchema,
  RunLimitsSchema,
  type FeatureFlags,
  type RunLimits,
} from "@mcp-optimizer/contracts";
import type { ApprovalSettings, ManifestProfile } from "@mcp-optimizer/core";
import {
  CacheSettingsSchema,
  ContextSettingsSchema,
  InversesSchema,
  PolicySettingsSchema,
  RateSettingsSchema,
  ResilienceSettingsSchema,
  SessionSettingsSchema,
  type CacheSettings,
  type CheckMode,
  type ContextSettings,
  type Inverses,
  type LearningMode,
  type PolicySettings,
  type RateSettings,
  type ResilienceSettings,
  type SessionSettings,
} from "@mcp-optimizer/core/settings";
import { SandboxSettingsSchema, type SandboxSettings } from "@mcp-optimizer/sandbox/settings";
import * as z from "zod";
import { AdaptorEntriesSchema, type AdaptorEntry } from "./adaptor-entries.ts";
import { AuthSettingsSchema, type AuthSettings } from "./auth-settings.ts";
import { QueueSettingsSchema, type QueueSettings } from "./queue-settings.ts";

/** What a configuration file may set under `optimizer`. What is left out is as the engine has it. */
export interface Settings {
  readonly features?: Partial<FeatureFlags>;
  /** Limits of every run. */
  readonly limits?: Partial<RunLimits>;
  /** Limits of use, by session and tenant. Default none. */
  readonly rates?: RateSettings;
  readonly resilience?: ResilienceSettings;
  /** Which answers of calls that only read are kept, and how long. Default: all, for as long as `features.cacheTtlSeconds` says. */
  readonly cache?: CacheSettings;
  /** How long programs keep variables. */
  readonly context?: ContextSettings;
  /** How sessions live. */
  readonly sessions?: SessionSettings;
  /** Default: every call is allowed. */
  readonly policy?: PolicySettings;
  readonly approvals?: ApprovalSettings;
  /** What is done about mistakes that are found before a program runs. Default `strict`. */
  readonly check?: CheckMode;
  /** How long a request waits for its run until it is answered with the run's id, in seconds. */
  readonly foregroundSeconds?: number;
  /** Tools that are listed themselves, named as programs name them. */
  readonly pinned?: readonly string[];
  /** Tokens of a result that the model sees. Default 2,000. */
  readonly resultTokens?: number;
  /** Runs at once. Default 64. */
  readonly maxRuns?: number;
  /** How much the tool list says. Default `minimal`. */
  readonly manifest?: ManifestProfile;
  /** Where programs run. Default: the embedded sandbox. */
  readonly sandbox?: SandboxSettings;
  /** How calls are taken back, by the tool that was called. Default: no call can be. */
  readonly inverses?: Inverses;
  /** Adaptors: packages, or paths beside the configuration. They run in this process. Default none. */
  readonly adaptors?: readonly AdaptorEntry[];
  /** The folder of saved programs. */
  readonly programs?: string;
  /** Whether the model may save programs. Default false. */
  readonly modelMaySave?: boolean;
  /** Where that is kept which outlives the process: a folder, the URL of a Redis that processes share, or `memory`. */
  readonly state?: string;
  /** How a Redis is used. */
  readonly redis?: RedisSettings;
  /** Programs are given to workers. Default: `serve` runs them itself. */
  readonly queue?: QueueSettings;
  /** Who may use the service over HTTP. Default: whoever is on this machine. */
  readonly auth?: AuthSettings;
  /** How it is learned what tools give. Default `observe`: from the results of calls that are made anyway. */
  readonly learning?: LearningMode;
  /** Whether it is counted what clients' contexts held and would have held. Default true. */
  readonly ledger?: boolean;
}

/** How the Redis of `state` is used. */
export interface RedisSettings {
  /** Begins all keys. Default `mcp-optimizer`. */
  readonly prefix?: string;
  /** Replicas that must have a write before it counts. Default 0. */
  readonly replicas?: number;
  /** Certificates for TLS, in PEM. Default: the machine's. */
  readonly caFile?: string;
}

const folder = z.string().min(1).max(4_096);

/** Checks {@link Settings}. */
export const SettingsSchema: z.ZodType<Settings> = z.strictObject({
  features: FeatureFlagsSchema.optional(),
  limits: RunLimitsSchema.optional(),
  rates: RateSettingsSchema.optional(),
  resilience: ResilienceSettingsSchema.optional(),
  cache: CacheSettingsSchema.optional(),
  context: ContextSettingsSchema.optional(),
  sessions: SessionSettingsSchema.optional(),
  policy: PolicySettingsSchema.optional(),
  approvals: z
    .strictObject({
      ttlSeconds: z.int().min(1).max(604_800).optional(),
      secret: z.string().min(1).max(1_024).optional(),
    })
    .optional(),
  check: z.enum(["strict", "advise", "off"]).optional(),
  foregroundSeconds: z.number().min(0.1).max(3_600).optional(),
  pinned: z.array(z.string().min(1).max(256)).max(1_000).optional(),
  resultTokens: z.int().min(50).max(1_000_000).optional(),
  maxRuns: z.int().min(1).max(10_000).optional(),
  manifest: z.enum(["minimal", "standard"]).optional(),
  sandbox: SandboxSettingsSchema.optional(),
  inverses: InversesSchema.optional(),
  adaptors: AdaptorEntriesSchema.optional(),
  programs: folder.optional(),
  modelMaySave: z.boolean().optional(),
  state: folder.optional(),
  redis: z
    .strictObject({
      prefix: z
        .string()
        .regex(/^[\w.-]{1,64}$/, "has 1 to 64 letters, digits, _, . or -")
        .optional(),
      replicas: z.int().min(0).max(10).optional(),
      caFile: folder.optional(),
    })
    .optional(),
  queue: QueueSettingsSchema.optional(),
  auth: AuthSettingsSchema.optional(),
  learning: z.enum(["observe", "probe", "off"]).optional(),
  ledger: z.boolean().optional(),
}) as unknown as z.ZodType<Settings>;
