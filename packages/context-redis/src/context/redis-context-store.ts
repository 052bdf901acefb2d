import {
  OptimizerError,
  type Clock,
  type ContextScope,
  type ContextStore,
  type JsonValue,
} from "@mcp-optimizer/contracts";
import type { RedisLink } from "../link/redis-link.ts";
import { scriptTime } from "../time/script-time.ts";
import { CLEAR, DELETE, GET, SET, SIZES } from "./context-scripts.ts";

/** Settings of a {@link createRedisContextStore}. */
export interface RedisContextStoreOptions {
  readonly link: RedisLink;
  /** Default: Redis's own, so that processes need not agree on the time. */
  readonly clock?: Pick<Clock, "now">;
}

const PARTS = ["values", "sizes", "used", "expiry", "meta"] as const;
/** What has expired is gone for callers at once; Redis frees it at most so much later. */
const GRACE_MS = 60_000;

/**
 * Contexts in Redis. What a session has is in one node, and each method is one step there. Redis itself drops a session that nobody uses within a
 * minute after its last value has expired.
 */
export function createRedisContextStore({ link, clock }: RedisContextStoreOptions): ContextStore {
  const set = link.writing(SET);
  // It notes the use, and does no harm when it is run again.
  const get = link.reading(GET);
  const remove = link.writing(DELETE);
  const clear = link.writing(CLEAR);
  const sizes = link.reading(SIZES);
  const keysOf = (tenant: string, session: string): string[] => {
    const slot = `context:${JSON.stringify([tenant, session])}`;
    return PARTS.map((part) => link.key(slot, part));
  };
  const found = async (
    tenant: string,
    session: string,
    namespace?: string,
  ): Promise<{ readonly key: string; readonly bytes: number }[]> => {
    const reply = (await sizes(keysOf(tenant, session), [
      scriptTime(clock),
      beginning(namespace),
    ])) as string[];
    return Array.from({ length: reply.length / 2 }, (_, index) => ({
      key: partsOf(reply[index * 2]!).key,
      bytes: Number(reply[index * 2 + 1]),
    }));
  };

  return {
    async set(scope, key, value, { ttlMs, limitBytes }) {
      const text = JSON.stringify(value);
      const bytes = Buffer.byteLength(key) + Buffer.byteLength(text);
      if (bytes > limitBytes) {
        throw new OptimizerError("context_limit", {
          detail: `${bytes} bytes of ${limitBytes} that all of the session may have`,
        });
      }
      const args = [scriptTime(clock), memberOf(scope, key), text, bytes, limitBytes, ttlMs, GRACE_MS];
      const evicted = (await set(keysOf(scope.tenant, scope.session), args)) as string[];
      return evicted.map(partsOf);
    },
    async get(scope, key) {
      const keys = keysOf(scope.tenant, scope.session);
      const text = (await get(keys, [scriptTime(clock), memberOf(scope, key)])) as string | null;
      return text === null ? undefined : (JSON.parse(text) as JsonValue);
    },
    async delete(scope, key) {
      const keys = keysOf(scope.tenant, scope.session);
      return (await remove(keys, [scriptTime(clock), memberOf(scope, key)])) === 1;
    },
    async keys({ tenant, session, namespace }) {
      return (await found(tenant, session, namespace)).map(({ key }) => key).sort();
    },
    clear: async (tenant, session, namespace) =>
      Number(await clear(keysOf(tenant, session), [scriptTime(clock), beginning(namespace)])),
    async size(tenant, session, namespace) {
      return (await found(tenant, session, namespace)).reduce((sum, { bytes }) => sum + bytes, 0);
    },
  };
}

/** JSON, which keeps any text apart from any other. */
const memberOf = ({ namespace }: ContextScope, key: string): string => JSON.stringify([namespace, key]);

/** What all members of a namespace begin with, and no other's. */
const beginning = (namespace: string | undefined): string =>
  namespace === undefined ? "" : `[${JSON.stringify(namespace)},`;

function partsOf(member: string): { readonly namespace: string; readonly key: string } {
  const [namespace, key] = JSON.parse(member) as [string, string];
  return { namespace, key };
}
