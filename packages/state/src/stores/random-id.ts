import { randomBytes } from "node:crypto";

/** A text of 128 random bits. */
export const randomId = (): string => randomBytes(16).toString("base64url");
