import { OptimizerError } from "@mcp-optimizer/contracts";
import type { ApprovalSettings } from "@mcp-optimizer/core";
import type { SandboxSettings } from "@mcp-optimizer/sandbox";
import { expandVariables } from "@mcp-optimizer/upstreams/config";
import type { AuthSettings } from "./auth-settings.ts";
import { chooseSandbox } from "./choose-sandbox.ts";
import { parseEnvironment, type Environment } from "./parse-environment.ts";
import type { SettingFlags } from "./setting-flags.ts";
import { SettingsSchema, type Settings } from "./settings.ts";

/** Where settings come from beside the configuration. */
export interface SettingSources {
  readonly env: Environment;
  readonly flags?: SettingFlags;
}

/** Settings as they are used. */
export interface ResolvedSettings extends Settings {
  readonly sandbox: SandboxSettings;
}

const SECRET_LENGTH = 32;

/**
 * What counts of a setting: a flag, else the environment, else the configuration. Blocks are taken together key by key, lists and the policy
 * whole. Throws `config_invalid`, or `invalid_params` for a flag, which name the setting and the variable.
 */
export function resolveSettings(file: Settings, { env, flags = {} }: SettingSources): ResolvedSettings {
  const environment = parseEnvironment(env);
  const {
    sandbox = {},
    approvals,
    state,
    ...settings
  } = merged(merged(file, environment), parseFlags(flags));
  const switchedOff =
    settings.features?.enableSandbox !== false
      ? undefined
      : environment.features?.enableSandbox === false
        ? ("environment" as const)
        : ("configuration" as const);
  return {
    ...settings,
    ...(state !== undefined && { state: withVariables(state, environment.state !== undefined, env) }),
    ...(approvals && { approvals: withSecret(approvals, environment.approvals?.secret, env) }),
    sandbox: chooseSandbox(sandbox, { flag: flags.sandbox, env, switchedOff }),
  };
}

/** One level of blocks; what is deeper is in `rates` and `auth` alone. */
function merged(under: Settings, over: Settings): Settings {
  const { session, tenant } = over.rates ?? {};
  const rates = {
    ...under.rates,
    ...(session && { session: { ...under.rates?.session, ...session } }),
    ...(tenant && { tenant: { ...under.rates?.tenant, ...tenant } }),
  };
  const blocks = (
    ["features", "limits", "resilience", "approvals", "context", "sessions", "redis", "queue"] as const
  ).flatMap((name) =>
    under[name] !== undefined && over[name] !== undefined ? [[name, { ...under[name], ...over[name] }]] : [],
  );
  return {
    ...under,
    ...over,
    ...(Object.fromEntries(blocks) as Settings),
    ...(Object.keys(rates).length > 0 && { rates }),
    ...(under.auth && over.auth && { auth: mergedAuth(under.auth, over.auth) }),
  };
}

function mergedAuth(under: AuthSettings, over: AuthSettings): AuthSettings {
  const jwt = { ...under.jwt, ...over.jwt };
  return { ...under, ...over, ...(Object.keys(jwt).length > 0 && { jwt }) };
}

function parseFlags(flags: SettingFlags): Settings {
  const { mode, "max-tokens": maxTokensPerRequest, check, manifest } = flags;
  const features = {
    ...(mode !== undefined && { executionMode: mode }),
    ...(maxTokensPerRequest !== undefined && { maxTokensPerRequest }),
  };
  const parsed = SettingsSchema.safeParse({
    ...(Object.keys(features).length > 0 && { features }),
    ...(check !== undefined && { check }),
    ...(manifest !== undefined && { manifest }),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const key = String(issue.path.at(-1));
  throw new OptimizerError("invalid_params", { detail: `--${FLAG_NAMES[key] ?? key}: ${issue.message}` });
}

const FLAG_NAMES: Readonly<Record<string, string>> = {
  executionMode: "mode",
  maxTokensPerRequest: "max-tokens",
};

/** The state of the configuration may have variables, as `mcpServers` has: a URL has a password. */
function withVariables(state: string, ofEnvironment: boolean, env: Environment): string {
  if (ofEnvironment || !state.includes("${")) return state;
  const expanded = expandVariables(state, { env, cwd: "", home: "" });
  if (expanded.ok) return expanded.text;
  throw new OptimizerError("config_invalid", {
    detail: `optimizer.state needs ${expanded.missing.join(", ")}, which is not set`,
  });
}

/** The secret of the configuration may be a variable, as in `mcpServers`; one of the environment is taken as it is. */
function withSecret(
  { secret, ...rest }: ApprovalSettings,
  ofEnvironment: string | undefined,
  env: Environment,
): ApprovalSettings {
  if (secret === undefined) return rest;
  const invalid = (why: string): OptimizerError => {
    const setting =
      ofEnvironment === undefined ? "optimizer.approvals.secret" : "MCP_OPTIMIZER_APPROVALS_SECRET";
    return new OptimizerError("config_invalid", { detail: `${setting} ${why}` });
  };
  const expanded =
    ofEnvironment === undefined
      ? expandVariables(secret, { env, cwd: "", home: "" })
      : ({ ok: true, text: secret } as const);
  if (!expanded.ok) throw invalid(`needs ${expanded.missing.join(", ")}, which is not set`);
  if (expanded.text.length < SECRET_LENGTH) throw invalid(`must have at least ${SECRET_LENGTH} characters`);
  return { ...rest, secret: expanded.text };
}
