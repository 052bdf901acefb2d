import type { Effect, JsonObject, JsonValue, PolicyVerdict } from "@mcp-optimizer/contracts";
import type { PolicyRule, PolicySettings } from "./policy-rules.ts";
import { fitsWildcard } from "./wildcard.ts";

/** A call, as rules look at it. */
export interface CallInQuestion {
  readonly server: string;
  /** The tool's own name. */
  readonly tool: string;
  readonly effect: Effect;
  readonly tenant: string;
  readonly session?: string | undefined;
  readonly args: JsonObject;
}

/** Applies a policy to a call: the first rule that fits, else the default of its effect, else it is allowed. */
export function decideCall(call: CallInQuestion, settings: PolicySettings): PolicyVerdict {
  const rule = settings.rules?.find((one) => fits(one, call));
  const decide = rule?.decide ?? settings.default?.[call.effect] ?? "allow";
  return { decide, reason: rule?.reason ?? `${call.server}.${call.tool} is ${EFFECT_WORDS[call.effect]}` };
}

/** Whether a policy refuses a tool whatever its arguments are and whoever calls it from a tenant. */
export function isDenied(tool: Omit<CallInQuestion, "args" | "session">, settings: PolicySettings): boolean {
  for (const rule of settings.rules ?? []) {
    const { args, session, ...always } = rule;
    if (!fits(always, { ...tool, args: {} })) continue;
    if (args === undefined && session === undefined) return rule.decide === "deny";
    // It may decide otherwise for some calls.
    if (rule.decide !== "deny") return false;
  }
  return settings.default?.[tool.effect] === "deny";
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
