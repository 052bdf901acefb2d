import type { Decision, Effect, JsonObject, JsonValue, PolicyVerdict } from "@mcp-optimizer/contracts";
import type { PolicyRule, PolicySettings } from "./policy-rules.ts";
import { decideFlow } from "./decide-flow.ts";
import { fitsWildcard } from "./wildcard.ts";

/** A call, as rules look at it. */
export interface CallInQuestion {
  readonly server: string;
  /** The tool's own name. */
  readonly tool: string;
  readonly effect: Effect;
  readonly tenant: string;
  /** What the caller was granted. Default none. */
  readonly scopes?: readonly string[] | undefined;
  readonly session?: string | undefined;
  readonly args: JsonObject;
  /** Servers whose results the run has. Default none. */
  readonly sources?: readonly string[];
}

/**
 * Applies a policy to a call: the first rule that fits, else the default of its effect, else it is allowed. A flow of data can only make it
 * stricter.
 */
export function decideCall(call: CallInQuestion, settings: PolicySettings): PolicyVerdict {
  const rule = settings.rules?.find((one) => fits(one, call));
  const decide = rule?.decide ?? defaultOf(call.effect, settings);
  const reason = rule?.reason ?? `${call.server}.${call.tool} is ${EFFECT_WORDS[call.effect]}`;
  const flow = decideFlow(call, settings.flows);
  return flow !== undefined && STRICTNESS[flow.decide] > STRICTNESS[decide] ? flow : { decide, reason };
}

/** What no rule decides. A tool of which nobody says what it does may write. */
function defaultOf(effect: Effect, { default: defaults = {} }: PolicySettings): Decision {
  return defaults[effect] ?? (effect === "unknown" ? defaults.write : undefined) ?? "allow";
}

const STRICTNESS: Readonly<Record<Decision, number>> = { allow: 0, ask: 1, deny: 2 };

/** Whether some call of a tool would be asked about, with arguments, a session and earlier results as they may be. */
export function mayAsk(
  { server, tool, tenant, scopes, effect }: Omit<CallInQuestion, "args">,
  settings: PolicySettings,
): boolean {
  const { rules = [], flows = [] } = settings;
  if (effect !== "read" && flows.some(({ to }) => fitsWildcard(server, to))) return true;
  for (const { args, session, ...always } of rules) {
    if (!fits(always, { server, tool, tenant, scopes, effect, args: {} })) continue;
    if (always.decide === "ask") return true;
    if (args === undefined && session === undefined) return false;
  }
  return defaultOf(effect, settings) === "ask";
}

/** Whether a policy refuses a tool whatever its arguments are and in whatever session the caller calls it. */
export function isDenied(tool: Omit<CallInQuestion, "args" | "session">, settings: PolicySettings): boolean {
  for (const rule of settings.rules ?? []) {
    const { args, session, ...always } = rule;
    if (!fits(always, { ...tool, args: {} })) continue;
    if (args === undefined && session === undefined) return rule.decide === "deny";
    // It may decide otherwise for some calls.
    if (rule.decide !== "deny") return false;
  }
  return defaultOf(tool.effect, settings) === "deny";
}

const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  read: "a tool that reads",
  write: "a tool that writes",
  destructive: "a tool that may destroy",
  unknown: "a tool of which nobody says what it does",
};

function fits(rule: PolicyRule, call: CallInQuestion): boolean {
  return (
    fitsName(rule.server, call.server) &&
    fitsName(rule.tool, call.tool) &&
    fitsName(rule.tenant, call.tenant) &&
    fitsName(rule.session, call.session) &&
    (rule.scope === undefined || (call.scopes ?? []).some((scope) => fitsWildcard(scope, rule.scope!))) &&
    (rule.effect === undefined || rule.effect.includes(call.effect)) &&
    Object.entries(rule.args ?? {}).every(([path, pattern]) => {
      const value = valueAt(call.args, path.split("."));
      return (
        value !== undefined &&
        fitsWildcard(typeof value === "string" ? value : JSON.stringify(value), pattern)
      );
    })
  );
}

const fitsName = (pattern: string | undefined, name: string | undefined): boolean =>
  pattern === undefined || (name !== undefined && fitsWildcard(name, pattern));

function valueAt(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? valueAt(value[name], rest) : undefined;
}
