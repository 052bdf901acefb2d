import { createHash, randomBytes } from "node:crypto";

/** What every static token begins with, so that it is found where it should not be. */
const PREFIX = "mcpo_";
const TOKEN = /^mcpo_[\w-]{43}$/;

/** A token, and what is kept of it. */
export interface NewToken {
  /** For the client alone. */
  readonly token: string;
  /** For the configuration: `sha256:` and 64 hexadecimal digits. */
  readonly hash: string;
}

/** Makes a token of 256 random bits: nobody finds one by trying, and a fast hash is enough to keep it. */
export function newStaticToken(random: (bytes: number) => Buffer = randomBytes): NewToken {
  const token = `${PREFIX}${random(32).toString("base64url")}`;
  return { token, hash: `sha256:${digestOf(token).toString("hex")}` };
}

/** Whether a text has the form of a static token. A password that somebody thought of has not. */
export function isStaticToken(text: string): boolean {
  return TOKEN.test(text);
}

/** The digest of a token. */
export function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
