import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";
import { textFormat } from "./find-text-format.ts";
import type { FormatVocabulary } from "./format-words.ts";
import { parseText, type ParseOptions } from "./parse-text.ts";
import { isParsedKind, PARSED_KINDS, type ParsedKind } from "./text-format.ts";

const NO_WORDS: FormatVocabulary = new Set();
const KINDS = PARSED_KINDS.map((kind) => JSON.stringify(kind)).join(", ");

/**
 * What `tools.parse(text, kind?, { header?, delimiter? })` does in a program. Without a kind the text's own is found. Throws
 * `invalid_params` for other arguments, and for a text of no known kind.
 */
export function parseFunction([text, kind, options]: readonly JsonValue[]): JsonValue {
  if (typeof text !== "string") {
    const hint = typeof text === "object" && text !== null ? "; this value is parsed already" : "";
    throw invalid(`tools.parse(text, kind?) takes a text${hint}`);
  }
  const read = parseOptions(options);
  if (kind === undefined || kind === null) return parseText(kindOf(text), text, read);
  if (isParsedKind(kind)) return parseText(kind, text, read);
  throw invalid(`the kind of tools.parse(text, kind) is one of ${KINDS}`);
}

/** The kind that a text itself tells. Throws `invalid_params` where it tells none. */
export function kindOf(text: string): ParsedKind {
  const { kind } = textFormat(text, NO_WORDS);
  if (kind !== "text") return kind;
  throw invalid(`tools.parse found no known format in this text; name one, of ${KINDS}, or read it yourself`);
}

function parseOptions(options: JsonValue | undefined): ParseOptions {
  if (options === undefined || options === null) return {};
  if (typeof options !== "object" || Array.isArray(options))
    throw invalid("the options of tools.parse are an object");
  const { header, delimiter } = options;
  if (header !== undefined && typeof header !== "boolean") throw invalid("header is true or false");
  if (delimiter !== undefined && (typeof delimiter !== "string" || !/^[^\s"]$|^[\t ]$/u.test(delimiter))) {
    throw invalid("delimiter is one character");
  }
  return { header, delimiter };
}

const invalid = (detail: string): OptimizerError => new OptimizerError("invalid_params", { detail });
