import type { Decision, Effect } from "@mcp-optimizer/contracts";
import * as z from "zod";
import { coversWildcard } from "./wildcard.ts";

/** A rule of a policy. A condition that is left out holds for all; `*` in a name stands for any text. */
export interface PolicyRule {
  readonly decide: Decision;
  /** The server's configured name. */
  readonly server?: string;
  /** The tool's own name. */
  readonly tool?: string;
  readonly effect?: readonly Effect[];
  readonly tenant?: string;
  readonly session?: string;
  /** A scope that the caller was granted: a caller without any has none. */
  readonly scope?: string;
  /** Patterns of arguments by name; a dotted name goes into objects. All must fit; a value that is no text is taken as JSON. */
  readonly args?: Readonly<Record<string, string>>;
  /** Told to whoever is refused or asked. */
  readonly reason?: string;
}

/** A policy as a configuration gives it. */
export interface PolicySettings {
  /** What no rule decides, by effect; for `unknown`, that of `write` unless it has its own. Default: all allowed. */
  readonly default?: Readonly<Partial<Record<Effect, Decision>>>;
  /** The first rule that fits decides. */
  readonly rules?: readonly PolicyRule[];
  /** Effects of tools, as `server.tool`, over what their servers say. `*` stands for any text; the first that fits counts. */
  readonly effects?: Readonly<Record<string, Effect>>;
  /** Servers whose annotations are believed when they say that a tool only reads. Others are believed only when they warn. Default none. */
  readonly trustAnnotations?: readonly string[];
  /** Tools, as `server.tool`, that do no harm when a call is made twice. Default none. */
  readonly repeatable?: readonly string[];
  /** Servers whose results may not go to the writing tools of others without a person's leave. Default none. */
  readonly flows?: readonly FlowRule[];
  /** The argument of a tool, given as `server.tool`, that takes an idempotency key. Default: `idempotency_key` or `idempotencyKey`, where a tool has it. */
  readonly idempotencyKeys?: Readonly<Record<string, string>>;
}

/** What happens when a run that has results of one server calls a tool of another that does more than read. `*` stands for any text. */
export interface FlowRule {
  readonly from: string;
  readonly to: string;
  /** Default `ask`. */
  readonly decide?: "ask" | "deny";
}

const effect = z.enum(["read", "write", "destructive", "unknown"]);
const decision = z.enum(["allow", "ask", "deny"]);
const pattern = z.string().min(1).max(256);

/** Checks the `policy` block of a configuration. */
export const PolicySettingsSchema: z.ZodType<PolicySettings> = z.strictObject({
  default: z.partialRecord(effect, decision).optional(),
  rules: z
    .array(
      z.strictObject({
        decide: decision,
        server: pattern.optional(),
        tool: pattern.optional(),
        effect: z.array(effect).min(1).optional(),
        tenant: pattern.optional(),
        session: pattern.optional(),
        scope: pattern.optional(),
        args: z.record(pattern, z.string().max(1_024)).optional(),
        reason: z.string().max(500).optional(),
      }),
    )
    .optional(),
  effects: z.record(pattern, effect).optional(),
  trustAnnotations: z.array(pattern).optional(),
  repeatable: z.array(pattern).optional(),
  flows: z
    .array(z.strictObject({ from: pattern, to: pattern, decide: z.enum(["ask", "deny"]).optional() }))
    .optional(),
  idempotencyKeys: z.record(pattern, z.string().min(1).max(256)).optional(),
}) as unknown as z.ZodType<PolicySettings>;

/** Why a rule can never decide: an earlier one always does, or it names a server that is not configured. Undefined where it may. */
export function findRuleProblem(
  rules: readonly PolicyRule[],
  index: number,
  servers: readonly string[],
): string | undefined {
  const rule = rules[index]!;
  if (rule.server !== undefined && !servers.some((server) => coversWildcard(rule.server!, server))) {
    return `there is no server ${JSON.stringify(rule.server)}; there are ${servers.join(", ")}`;
  }
  const before = rules.slice(0, index).findIndex((earlier) => covers(earlier, rule));
  return before >= 0 ? `policy.rules[${before}] decides all that it does` : undefined;
}

/** Whether a rule fits every call that another fits. */
function covers(wide: PolicyRule, narrow: PolicyRule): boolean {
  const names = (["server", "tool", "tenant", "session", "scope"] as const).every((name) => {
    const own = wide[name];
    const other = narrow[name];
    return own === undefined || (other !== undefined && coversWildcard(own, other));
  });
  const effects =
    wide.effect === undefined || (narrow.effect?.every((one) => wide.effect!.includes(one)) ?? false);
  const args = Object.entries(wide.args ?? {}).every(([name, value]) => {
    const other = narrow.args?.[name];
    return other !== undefined && coversWildcard(value, other);
  });
  return names && effects && args;
}
