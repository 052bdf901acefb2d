import { hash } from "node:crypto";
import {
  OptimizerError,
  type Clock,
  type ResultVault,
  type VaultContent,
  type VaultEntry,
} from "@mcp-optimizer/contracts";
import type { RedisLink, RedisScript, RedisValue } from "../link/redis-link.ts";
import { scriptTime } from "../time/script-time.ts";
import { contentParts } from "./content-parts.ts";
import { createRedisContent } from "./redis-content.ts";
import { ADD, FORGET, REUSE, USE } from "./vault-scripts.ts";

/** Settings of a {@link createRedisResultVault}. */
export interface RedisResultVaultOptions {
  readonly link: RedisLink;
  /** Default: Redis's own, which is the same for all processes. */
  readonly clock?: Pick<Clock, "now">;
  /** A fresh unguessable text for each call. */
  readonly randomId: () => string;
  /** How long an entry is kept after it was last put or got, in milliseconds. Default 3,600,000 (an hour). */
  readonly ttlMs?: number;
  /** Size of all entries of all tenants together, in bytes of UTF-8; each counts 500 beside its own. Default 512 MiB. */
  readonly maxSize?: number;
}

/** What an entry costs beside its bytes. */
const OVERHEAD = 500;
/** Contents outlast their entries by so much: an entry that is there has its content. */
const MARGIN_MS = 60_000;

/** A vault that processes share: what one puts, another opens. A process that ends between two steps leaves only what expires. */
export function createRedisResultVault(options: RedisResultVaultOptions): ResultVault {
  const { link, clock, randomId, ttlMs = 3_600_000, maxSize = 512 * 1024 * 1024 } = options;
  const content = createRedisContent(link, ttlMs + MARGIN_MS);
  const names = ["used", "entries", "digests", "most", "totals"];
  const keys = names.map((name) => link.key("vault", name));
  const scripts = {
    reuse: link.writing(REUSE),
    add: link.writing(ADD),
    use: link.writing(USE),
    forget: link.writing(FORGET),
  };
  /** Asks the index, and removes the contents of what went. */
  const ask = async (
    script: RedisScript,
    tenant: string,
    args: readonly RedisValue[],
  ): Promise<readonly (string | number)[]> => {
    const shared = [scriptTime(clock), `${link.key("vault")}:`, ttlMs, named(tenant)];
    const [answer, gone] = (await script(keys, [...shared, ...args])) as [(string | number)[], unknown[]];
    const removals = [];
    for (let at = 0; at < gone.length; at += 2) {
      removals.push(content.remove(String(gone[at]), Number(gone[at + 1])));
    }
    await Promise.all(removals);
    return answer;
  };
  const forget = (tenant: string, handle: string): Promise<unknown> =>
    scripts.forget(keys, [scriptTime(clock), `${link.key("vault")}:`, ttlMs, named(tenant), handle]);
  /** Keeps a content, then its entry. What could not be kept as a whole leaves no room taken. */
  const add = async (
    tenant: string,
    handle: string,
    parts: readonly string[],
    args: readonly RedisValue[],
  ): Promise<readonly (string | number)[]> => {
    try {
      await content.put(handle, parts);
      return await ask(scripts.add, tenant, args);
    } catch (error) {
      // The entry may be there all the same. Where Redis is away, nobody waits for that, too.
      void forget(tenant, handle)
        .catch(() => undefined)
        .then(() => content.remove(handle, parts.length));
      throw error;
    }
  };
  /** The handle of an entry that is kept already. One whose content was lost is forgotten. */
  const kept = async (tenant: string, found: readonly (string | number)[]): Promise<string | undefined> => {
    const [handle, parts] = found;
    if (typeof handle !== "string") return undefined;
    if (await content.renew(handle, Number(parts))) return handle;
    await forget(tenant, handle);
    return undefined;
  };

  return {
    async put(tenant, entry, { digest } = {}) {
      const { sources = [] } = entry;
      const text = entry.kind === "blob" ? entry.base64 : entry.text;
      const size = OVERHEAD + Buffer.byteLength(text);
      if (size > maxSize) {
        throw new OptimizerError("output_limit", {
          detail: `a result of over ${maxSize} bytes cannot be kept`,
        });
      }
      const mark = digest === undefined ? "" : named(digest);
      const from = sources.map((source) => JSON.stringify(source));
      const parts = contentParts(text);
      if (mark !== "" && parts.length > 1) {
        const known = await kept(tenant, await ask(scripts.reuse, tenant, [mark, ...from]));
        if (known !== undefined) return known;
      }
      for (;;) {
        const handle = `h_${randomId()}`;
        const found = await add(tenant, handle, parts, [
          mark,
          handle,
          size,
          parts.length,
          headOf(entry),
          maxSize,
          ...from,
        ]);
        if (found[0] === handle) return handle;
        await content.remove(handle, parts.length);
        const known = await kept(tenant, found);
        if (known !== undefined) return known;
      }
    },
    async get(tenant, handle) {
      const [parts, head, ...sources] = await ask(scripts.use, tenant, [handle]);
      if (parts === undefined) return undefined;
      const text = await content.get(handle, Number(parts));
      if (text === undefined) {
        await forget(tenant, handle);
        return undefined;
      }
      const from = sources.map((source) => JSON.parse(String(source)) as string);
      return entryOf(JSON.parse(String(head)) as Head, text, from);
    },
  };
}

/** An entry without its content. */
type Head = { readonly kind: "json" | "text" } | { readonly kind: "blob"; readonly mimeType: string };

const headOf = (entry: VaultContent): string =>
  JSON.stringify(
    entry.kind === "blob" ? { kind: entry.kind, mimeType: entry.mimeType } : { kind: entry.kind },
  );

const entryOf = (head: Head, text: string, sources: readonly string[]): VaultEntry =>
  head.kind === "blob" ? { ...head, base64: text, sources } : { kind: head.kind, text, sources };

/** What a name stands as: as long as any other, and of signs that keys may have. JSON keeps broken surrogates apart, which UTF-8 does not. */
const named = (name: string): string => hash("sha256", JSON.stringify(name), "base64url");
