import { OptimizerError, type JsonObject, type JsonValue } from "@mcp-optimizer/contracts";
import { parseJsonSteps } from "./parse-json-steps.ts";
import { runInSteps } from "./run-in-steps.ts";

/** Text up to this many characters is parsed at once: about a millisecond. */
const AT_ONCE = 131_072;
/** Levels of arrays and objects that a guest may send. */
export const MAX_DEPTH = 256;
/** Keys that never pass: they are traps for code that copies objects. */
export const DROPPED_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

const SUSPECT = /"(?:__proto__|constructor|prototype)"|\\u00[4-7]/;

/**
 * Parses JSON that a guest sent. Long text is parsed in steps of a few milliseconds.
 * Keys named `__proto__`, `constructor` and `prototype` are dropped.
 * Throws, or rejects with, `sandbox_violation` for text that is not JSON, `output_limit` for more than 256 levels.
 */
export function parseGuestJson(text: string): JsonValue | Promise<JsonValue> {
  if (text.length > AT_ONCE) {
    return runInSteps(parseJsonSteps(text));
  }
  checkDepth(text);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new OptimizerError("sandbox_violation", { detail: "the guest sent text that is not JSON", cause });
  }
  return SUSPECT.test(text) ? dropKeys(value) : value;
}

/** The error for a value nested too deeply. */
export function tooDeep(): OptimizerError {
  return new OptimizerError("output_limit", { detail: `a value is nested deeper than ${MAX_DEPTH} levels` });
}

function checkDepth(text: string): void {
  if (text.length <= MAX_DEPTH) {
    return;
  }
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) {
      i = text.indexOf('"', i + 1);
      while (i > 0 && isEscaped(text, i)) {
        i = text.indexOf('"', i + 1);
      }
      if (i < 0) {
        return;
      }
    } else if (code === 0x5b || code === 0x7b) {
      if (++depth > MAX_DEPTH) {
        throw tooDeep();
      }
    } else if (code === 0x5d || code === 0x7d) {
      depth--;
    }
  }
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === 0x5c) {
    slashes++;
  }
  return slashes % 2 === 1;
}

function dropKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    return value.map(dropKeys);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const kept: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (!DROPPED_KEYS.has(key) && item !== undefined) {
      kept[key] = dropKeys(item);
    }
  }
  return kept;
}
