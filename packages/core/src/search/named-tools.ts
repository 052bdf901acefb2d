import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";

/** What looks like a name in code rather than a word of a sentence: `git_log`, `get-sum`, `git.log`, `listIssues`. */
const CODE_NAME = /^[\p{L}$_][\p{L}\p{N}$]*(?:[_./-]+[\p{L}\p{N}$]+)+$|^\p{Ll}+\p{Lu}[\p{L}\p{N}]*$/u;

/** Tools called by name, and whether the need is nothing but a name as code writes it. */
export interface NamedTools {
  readonly found: readonly CatalogueTool[];
  readonly whole: boolean;
}

/**
 * The tools that a need calls by name: the whole need is a name in any spelling, with or without its server, or some of its
 * words are names as code writes them.
 */
export function namedTools(catalogue: Catalogue, words: string): NamedTools {
  const whole = bare(words);
  const exact = catalogue.lookup(whole);
  if (exact.length > 0) return { found: exact, whole: CODE_NAME.test(whole) };
  const names = words
    .split(/[\s,]+/u)
    .map(bare)
    .filter((word) => CODE_NAME.test(word));
  return { found: [...new Set(names.flatMap((name) => catalogue.lookup(name)))], whole: false };
}

/** A name without quotes, a call's parentheses, or the punctuation of a sentence. */
function bare(text: string): string {
  return text
    .trim()
    .replace(/^["'`([]+/u, "")
    .replace(/[.,:!?"'`)\]]+$/u, "")
    .replace(/\($/u, "");
}
