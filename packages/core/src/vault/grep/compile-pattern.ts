import { OptimizerError } from "@mcp-optimizer/contracts";
import { RE2JS, RE2JSException } from "re2js";

const LONGEST = 1_000;
/** Characters that are searched at once with a simple pattern, and with the most complex one: a few milliseconds. */
const MOST_AT_ONCE = 131_072;
const LEAST_AT_ONCE = 16_384;
/** Characters times steps of a pattern that are searched at once. */
const WORK_AT_ONCE = 4_000_000;

/** A regular expression that takes linear time. */
export interface Pattern {
  /** Characters that may be searched in one go: fewer for a pattern of many steps. */
  readonly atOnce: number;
  readonly test: (text: string) => boolean;
  /**
   * Where it first matches. What is said of the place before the text, or behind it, is true only where the text begins, or ends, there:
   * elsewhere a match at that end does not count for a pattern with assertions.
   */
  readonly find: (text: string, begins: boolean, ends: boolean) => number | undefined;
}

/**
 * Reads a pattern: a regular expression as RE2 has them, or a literal of JavaScript such as `/error/i`, which is what a RegExp of a program
 * becomes. Throws `invalid_params`.
 */
export function compilePattern(text: string, ignoreCase: boolean): Pattern {
  if (text.length > LONGEST) throw unreadable(`it has over ${LONGEST} characters`);
  const [, source = text, flags = ""] = /^\/(.+)\/([dgimsuvy]*)$/s.exec(text) ?? [];
  const bits =
    (ignoreCase || flags.includes("i") ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes("m") ? RE2JS.MULTILINE : 0) |
    (flags.includes("s") ? RE2JS.DOTALL : 0);
  const asserts = /[\^$]|\\[bBAzZ]/.test(source.replaceAll(/\\[^bBAzZ]|\[\^/gs, ""));
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(source), bits);
    const most = Math.floor(WORK_AT_ONCE / Math.max(1, compiled.programSize()));
    return {
      atOnce: Math.min(MOST_AT_ONCE, Math.max(LEAST_AT_ONCE, most)),
      test: (subject) => compiled.test(subject),
      find: (subject, begins, ends) => {
        const matcher = compiled.matcher(subject);
        while (matcher.find()) {
          const doubtful = (!begins && matcher.start() === 0) || (!ends && matcher.end() === subject.length);
          if (!asserts || !doubtful) return matcher.start();
        }
        return undefined;
      },
    };
  } catch (error) {
    if (error instanceof RE2JSException) throw unreadable(error.message);
    throw error;
  }
}

const unreadable = (why: string): OptimizerError =>
  new OptimizerError("invalid_params", {
    detail: `the pattern cannot be used: ${why}. It is a regular expression without lookaround and backreferences`,
  });
