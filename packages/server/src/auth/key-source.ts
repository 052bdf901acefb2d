import type { Clock, Log } from "@mcp-optimizer/contracts";
import type { JSONWebKeySet, JWTVerifyGetKey } from "jose";
import { fetchJson, type Fetch } from "./fetch-json.ts";

/** What keys are fetched with. */
export interface KeySourceParts {
  /** Says where they are. Asked again after they could not be fetched. */
  readonly where: (signal: AbortSignal) => Promise<URL>;
  readonly fetch: Fetch;
  readonly clock: Pick<Clock, "elapsed">;
  readonly log: Log;
  /** Of finding and fetching them. */
  readonly timeoutMs: number;
}

/** No key can be had now. */
export class KeysUnavailable extends Error {}

/** After so long they are fetched again, while the old ones go on. */
const REFRESH_MS = 600_000;
/** After so long without word of the authorization server they do not go on. */
const STALE_MS = 86_400_000;
/** Unknown keys make us ask so often at most: their names are whatever a caller writes. */
const COOL_DOWN_MS = 30_000;
/** While nobody answers, we ask so often at most. */
const RETRY_MS = 5_000;

/**
 * Finds the keys that tokens name, and fetches them when it has to: at first, when they are old, and when one is named that it has not seen. Rejects
 * with {@link KeysUnavailable} when the authorization server does not answer and what is known is not enough.
 */
export function createKeySource(parts: KeySourceParts): JWTVerifyGetKey {
  const { clock, log } = parts;
  let keys: { readonly find: JWTVerifyGetKey; readonly at: number } | undefined;
  let url: URL | undefined;
  let asked: { readonly at: number; readonly failed: boolean } | undefined;
  let asking: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    try {
      const signal = AbortSignal.timeout(parts.timeoutMs);
      url ??= await parts.where(signal);
      const set = await fetchJson(url, signal, parts.fetch);
      if (set === undefined) throw new Error(`there are no keys at ${url.href}`);
      const { createLocalJWKSet } = await import("jose");
      keys = { find: createLocalJWKSet(set as unknown as JSONWebKeySet), at: clock.elapsed() };
      asked = { at: keys.at, failed: false };
    } catch (cause) {
      url = undefined;
      asked = { at: clock.elapsed(), failed: true };
      log({ level: "warn", message: "The keys of the authorization server could not be fetched.", cause });
    }
  };
  const ask = (): Promise<void> => (asking ??= load().finally(() => (asking = undefined)));
  const waited = (ms: number): boolean => asked === undefined || clock.elapsed() - asked.at >= ms;
  const age = (): number => (keys === undefined ? Infinity : clock.elapsed() - keys.at);

  return async (header, token) => {
    if (age() > STALE_MS) {
      if (waited(RETRY_MS)) await ask();
      else await asking;
    } else if (age() > REFRESH_MS && waited(RETRY_MS)) void ask();
    if (keys === undefined || age() > STALE_MS) throw new KeysUnavailable();
    try {
      return await keys.find(header, token);
    } catch (error) {
      const { errors } = await import("jose");
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (waited(asked?.failed === true ? RETRY_MS : COOL_DOWN_MS)) await ask();
      else await asking;
      try {
        return await keys.find(header, token);
      } catch (again) {
        throw asked?.failed === true ? new KeysUnavailable() : again;
      }
    }
  };
}
