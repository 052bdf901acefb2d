import { createHash } from "node:crypto";

/** The id of the session that follows a connection: who reads it has not learned the connection's name, which may be what opens it. */
export const connectionSession = (connection: string): string =>
  `c_${createHash("sha256").update(`session of connection\n${connection}`).digest("base64url").slice(0, 32)}`;
