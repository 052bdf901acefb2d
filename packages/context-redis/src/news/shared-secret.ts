import { randomBytes } from "node:crypto";
import type { RedisLink } from "../link/redis-link.ts";

/** Which secret is meant. */
export interface SharedSecretOptions {
  readonly link: RedisLink;
  readonly name: string;
}

const FIRST = `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
`;

/**
 * A secret of 32 random bytes as base64url, the same for all processes of a Redis and prefix: whoever is first makes it. It stays for good; who may
 * read this Redis may read it.
 */
export async function sharedSecret({ link, name }: SharedSecretOptions): Promise<string> {
  const secret = randomBytes(32).toString("base64url");
  return String(await link.writing(FIRST)([link.key(`secret:${name}`)], [secret]));
}
