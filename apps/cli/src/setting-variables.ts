import { DEFAULT_FEATURE_FLAGS, DEFAULT_RUN_LIMITS } from "@mcp-optimizer/contracts";
import { DEFAULT_RESILIENCE } from "@mcp-optimizer/core/settings";

/** How the text of a variable becomes a value. `list`: names with commas between them. */
export type VariableKind = "text" | "number" | "boolean" | "list";

/** A variable of the environment that gives a setting. */
export interface SettingVariable {
  readonly name: string;
  /** Where the setting stands in the `optimizer` block. */
  readonly path: readonly string[];
  readonly kind: VariableKind;
}

const RATES = ["runsPerMinute", "callsPerMinute", "tokensPerMinute", "tokensPerHour", "runsAtOnce"];

const KINDS: Readonly<Record<string, VariableKind>> = { number: "number", boolean: "boolean" };

const variable = (path: readonly string[], kind: VariableKind, words = path): SettingVariable => ({
  name: `MCP_OPTIMIZER_${words.map(upperSnake).join("_")}`,
  path,
  kind,
});

const upperSnake = (word: string): string => word.replaceAll(/(?=[A-Z])/g, "_").toUpperCase();

/** Every variable that gives a setting. Flags have no block in their names: `MCP_OPTIMIZER_CACHE_TTL_SECONDS`. */
export const SETTING_VARIABLES: readonly SettingVariable[] = [
  ...Object.entries(DEFAULT_FEATURE_FLAGS).map(([flag, value]) =>
    variable(["features", flag], KINDS[typeof value] ?? "text", [flag]),
  ),
  ...Object.keys(DEFAULT_RUN_LIMITS).map((limit) => variable(["limits", limit], "number")),
  ...["session", "tenant"].flatMap((whose) =>
    RATES.map((rate) => variable(["rates", whose, rate], "number")),
  ),
  ...Object.keys(DEFAULT_RESILIENCE).map((key) => variable(["resilience", key], "number")),
  variable(["approvals", "ttlSeconds"], "number"),
  variable(["approvals", "secret"], "text"),
  variable(["context", "ttlSeconds"], "number"),
  variable(["sessions", "ttlSeconds"], "number"),
  variable(["sessions", "archive"], "text"),
  variable(["check"], "text"),
  variable(["foregroundSeconds"], "number"),
  variable(["pinned"], "list"),
  variable(["resultTokens"], "number"),
  variable(["maxRuns"], "number"),
  variable(["manifest"], "text"),
  variable(["programs"], "text"),
  variable(["modelMaySave"], "boolean"),
  variable(["state"], "text"),
  variable(["redis", "prefix"], "text"),
  variable(["redis", "replicas"], "number"),
  variable(["redis", "caFile"], "text"),
  variable(["queue", "enabled"], "boolean"),
  variable(["queue", "maxWaiting"], "number"),
  variable(["queue", "maxWaitingPerTenant"], "number"),
  variable(["queue", "maxWaitingBytes"], "number"),
  variable(["queue", "maxWaitingBytesPerTenant"], "number"),
  variable(["queue", "maxWaitMs"], "number"),
  variable(["auth", "publicUrl"], "text"),
  variable(["auth", "allowedHosts"], "list"),
  variable(["auth", "jwt", "issuer"], "text"),
  variable(["auth", "jwt", "audience"], "text"),
  variable(["auth", "jwt", "jwksUri"], "text"),
  variable(["learning"], "text"),
  variable(["ledger"], "boolean"),
];
