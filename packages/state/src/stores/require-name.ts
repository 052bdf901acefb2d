import { OptimizerError, type ErrorCode } from "@mcp-optimizer/contracts";

const MAX_BYTES = 512;

/** Throws for what cannot be a name of ours: it is a text of 1 to 512 bytes in UTF-8, without control characters. */
export function requireName(name: string, what: string, code: ErrorCode = "invalid_params"): string {
  const problem = problemOf(name);
  if (problem === undefined) return name;
  throw new OptimizerError(code, { detail: `the ${what} ${problem}` });
}

function problemOf(name: unknown): string | undefined {
  if (typeof name !== "string") return `is a text, not ${name === null ? "null" : `of type ${typeof name}`}`;
  if (name === "") return "is empty";
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_BYTES) return `has ${bytes} bytes, of ${MAX_BYTES} at most`;
  const sign = /\p{Cc}|\p{Surrogate}/u.exec(name)?.[0];
  if (sign === undefined) return undefined;
  const code = sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return `${JSON.stringify(name.slice(0, 80))} has a character that is not taken: U+${code}`;
}
