import type { JsonObject, SessionRecord } from "@mcp-optimizer/contracts";

/** A record as scripts give it: version, data, made at, ends at, lifetime, principal. All are null when there is none. */
export type SessionRow = readonly (string | null)[];

/** The record of a row; undefined when there is none. */
export function recordOf(tenant: string, id: string, row: SessionRow): SessionRecord | undefined {
  const [version, data, createdAt, expiresAt, ttlMs, principal] = row;
  if (version === null || version === undefined) return undefined;
  return {
    tenant,
    id,
    principal: JSON.parse(principal!) as string,
    data: JSON.parse(data!) as JsonObject,
    version: Number(version),
    createdAt: Number(createdAt),
    expiresAt: Number(expiresAt),
    ttlMs: Number(ttlMs),
  };
}
