import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";
import { LONGEST_TTL_SECONDS } from "./session-settings.ts";

const KEY_BYTES = 512;

/** The key that a call of a program names. Throws `invalid_params`. */
export function keyArgument(call: string, [key]: readonly JsonValue[]): string {
  if (typeof key !== "string" || key === "") {
    throw new OptimizerError("invalid_params", {
      detail: `${call} takes a key, a text, as its first argument`,
    });
  }
  const problem =
    Buffer.byteLength(key) > KEY_BYTES
      ? `has more than ${KEY_BYTES} bytes`
      : /\p{Cc}/u.test(key)
        ? "has control characters"
        : key.isWellFormed()
          ? undefined
          : "has half of a surrogate pair";
  if (problem === undefined) return key;
  throw new OptimizerError("invalid_params", {
    detail: `the key ${problem}: ${JSON.stringify(key.slice(0, 80))}`,
  });
}

/** How long a value is to be kept, in milliseconds; undefined when the call does not say. Throws `invalid_params`. */
export function ttlArgument(options: JsonValue | undefined): number | undefined {
  if (options === undefined || options === null) return undefined;
  const { ttl, ...more } =
    typeof options === "object" && !Array.isArray(options) ? options : { more: options };
  const isTime = typeof ttl === "number" && ttl > 0 && ttl <= LONGEST_TTL_SECONDS;
  if (Object.keys(more).length === 0 && (ttl === undefined || ttl === null)) return undefined;
  if (Object.keys(more).length === 0 && isTime) return Math.ceil(ttl * 1_000);
  throw new OptimizerError("invalid_params", {
    detail: `session.set takes (key, value, { ttl }), ttl in seconds, more than 0 and at most ${LONGEST_TTL_SECONDS}`,
  });
}
