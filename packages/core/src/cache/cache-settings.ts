import { createHash } from "node:crypto";
import type { FeatureFlags } from "@mcp-optimizer/contracts";
import * as z from "zod";
import { fitsWildcard } from "../policy/wildcard.ts";

/** What is answered from earlier calls, as a configuration says. Tools are written `server.tool`, intents `intents.name`; `*` stands for any text. */
export interface CacheSettings {
  /** Tools that are always asked. Default none. */
  readonly never?: readonly string[];
  /** Seconds for tools that have their own; the first pattern that fits counts, and 0 is never. Default: `cacheTtlSeconds` of the flags. */
  readonly ttlSeconds?: Readonly<Record<string, number>>;
  /** Groups of servers that look at one thing, such as the same folder: a write to one is a write to all of its group. Default none. */
  readonly sameData?: readonly (readonly string[])[];
  /**
   * Servers that this process starts and that keep nothing in memory which their reads give: what they answered another process counts, too.
   * Default none.
   */
  readonly stateless?: readonly string[];
}

const pattern = z.string().min(1).max(256);

/** Checks the `cache` block of a configuration. */
export const CacheSettingsSchema: z.ZodType<CacheSettings> = z.strictObject({
  never: z.array(pattern).max(1_000).optional(),
  ttlSeconds: z.record(pattern, z.int().min(0).max(31_536_000)).optional(),
  sameData: z.array(z.array(pattern).min(2).max(100)).max(100).optional(),
  stateless: z.array(pattern).max(1_000).optional(),
}) as unknown as z.ZodType<CacheSettings>;

/** Settings and flags as questions are asked of them. */
export interface CacheRules {
  /** How long an answer of `server.tool` counts, in milliseconds; 0 when it is always asked. */
  ttlMs(path: string): number;
  /** Another text for other settings of what is kept, for how long and until which writes: what was kept by others does not count. */
  readonly digest: string;
  /** The servers to which a write to a server is one, with itself. */
  writtenWith(server: string): readonly string[];
}

/** What {@link CacheSettings} and flags come to. */
export function cacheRules(
  { never = [], ttlSeconds = {}, sameData = [] }: CacheSettings,
  { enableCaching, cacheTtlSeconds }: Pick<FeatureFlags, "enableCaching" | "cacheTtlSeconds">,
): CacheRules {
  const own = Object.entries(ttlSeconds);
  return {
    digest: createHash("sha256")
      .update(JSON.stringify([never, own, sameData, cacheTtlSeconds]))
      .digest("base64url"),
    ttlMs(path) {
      if (!enableCaching || never.some((one) => fitsWildcard(path, one))) return 0;
      const [, seconds = cacheTtlSeconds] = own.find(([one]) => fitsWildcard(path, one)) ?? [];
      return seconds * 1_000;
    },
    writtenWith: (server) => [
      ...new Set([server, ...sameData.filter((group) => group.includes(server)).flat()]),
    ],
  };
}
