/** A line that names a value. */
export interface Pair {
  readonly key: string;
  readonly value: string;
  /** Between the two: `: `, `=` or ` = `. */
  readonly separator: string;
}

const LONGEST_KEY = 60;

/** Splits `key: value`, `key = value`, `- **Key**: value` and the like; undefined for any other line. */
export function splitPair(line: string): Pair | undefined {
  const bare = line.trim().replace(/^(?:[-*•] )?(?=\S)/u, "");
  const colon = bare.indexOf(":");
  const equals = bare.indexOf("=");
  const at = colon === -1 ? equals : equals === -1 ? colon : Math.min(colon, equals);
  if (at <= 0) return undefined;
  let value = bare.slice(at + 1);
  let key = bare.slice(0, at);
  if (key.length > LONGEST_KEY + 4) return undefined;
  if (key.startsWith("**")) {
    // Either `**Key:** value` or `**Key**: value`.
    if (key.endsWith("**")) key = key.slice(0, -2);
    else if (value.startsWith("**")) value = value.slice(2);
    else return undefined;
    key = key.slice(2);
  }
  const name = key.trimEnd();
  if (!/^[\p{L}_$][^"'\x60[\]{}<>|,;!?]*$/u.test(name) || name.split(/\s+/u).length > 4) return undefined;
  if (at === equals) {
    // `==` ends base64.
    if (/\s/u.test(name) || value.startsWith("=")) return undefined;
    return { key: name, value: value.trim(), separator: key === name ? "=" : " = " };
  }
  // `https://…`, `C:\…` and `12:30` are values; without a space only a single word is a key.
  if (value !== "" && !/^\s/u.test(value) && (/\s/u.test(name) || /^[\\/:]/u.test(value))) return undefined;
  return { key: name, value: value.trim(), separator: /^\S/u.test(value) ? ":" : ": " };
}
