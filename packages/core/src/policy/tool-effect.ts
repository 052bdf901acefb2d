import type { Effect, PolicyTool } from "@mcp-optimizer/contracts";
import { INTENTS } from "../intents/intent-definition.ts";
import type { PolicySettings } from "./policy-rules.ts";
import { fitsWildcard } from "./wildcard.ts";

/**
 * What a tool does to the world: as the policy says, else as its server says, which is believed when it warns, and when it does not
 * only of servers that the policy trusts.
 */
export function toolEffect(
  { server, name, annotations }: PolicyTool,
  { effects = {}, trustAnnotations = [] }: Pick<PolicySettings, "effects" | "trustAnnotations">,
): Effect {
  const path = `${server}.${name}`;
  const own = Object.entries(effects).find(([pattern]) => fitsWildcard(path, pattern));
  if (own !== undefined) return own[1];
  const { readOnlyHint, destructiveHint } = annotations;
  // What intents do is our own finding.
  const trusted = server === INTENTS || trustAnnotations.some((pattern) => fitsWildcard(server, pattern));
  if (trusted && readOnlyHint === true) return "read";
  if (destructiveHint === true) return "destructive";
  return trusted && readOnlyHint === false ? "write" : "unknown";
}

/** The argument under which a tool takes an idempotency key: as the policy says, else the one that is named so. */
export function idempotencyKey(
  { server, name, parameters = [] }: PolicyTool,
  { idempotencyKeys = {} }: Pick<PolicySettings, "idempotencyKeys">,
): string | undefined {
  const path = `${server}.${name}`;
  // A pattern that names no single tool says nothing of those that have no such argument.
  const own = Object.entries(idempotencyKeys).find(
    ([pattern, name]) => fitsWildcard(path, pattern) && (!pattern.includes("*") || parameters.includes(name)),
  );
  return own?.[1] ?? parameters.find((parameter) => KEY_NAMES.has(parameter));
}

const KEY_NAMES: ReadonlySet<string> = new Set(["idempotency_key", "idempotencyKey"]);

/** Whether the policy says that calling a tool twice does no harm. */
export function isRepeatable(
  { server, name }: PolicyTool,
  { repeatable = [] }: Pick<PolicySettings, "repeatable">,
): boolean {
  return repeatable.some((pattern) => fitsWildcard(`${server}.${name}`, pattern));
}
