import { OptimizerError } from "@mcp-optimizer/contracts";
import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from "jsonc-parser";

/** A JSONC text that knows the line of each of its values. */
export interface ConfigDocument {
  readonly file: string;
  /** The value at a path; undefined when there is none. */
  value(path: readonly (string | number)[]): unknown;
  /** The line of the nearest value at or above a path, from 1. */
  line(path: readonly (string | number)[]): number;
  /** The keys of the object at a path with their lines, duplicates included. */
  keys(path: readonly (string | number)[]): { readonly key: string; readonly line: number }[];
  /** An error that names the file, the line and the key path. */
  error(path: readonly (string | number)[], message: string, line?: number): OptimizerError;
}

/** Parses JSONC. Rejects a syntax error with `config_invalid`, its line and its column. */
export function parseConfigDocument(text: string, file: string): ConfigDocument {
  const errors: ParseError[] = [];
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const root = parseTree(source, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const first = errors[0];
  if (first !== undefined) {
    const { line, column } = positionOf(source, first.offset);
    const what = SYNTAX[printParseErrorCode(first.error)] ?? "is not valid JSON";
    throw configError(`${file}:${line}:${column}: ${what}`, { file, line, column });
  }
  const nodeAt = (path: readonly (string | number)[]): Node | undefined =>
    root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  const lineOf = (node: Node | undefined): number => positionOf(source, node?.offset ?? 0).line;
  const line: ConfigDocument["line"] = (path) => {
    for (let length = path.length; length >= 0; length--) {
      const node = nodeAt(path.slice(0, length));
      if (node !== undefined) return lineOf(node.parent?.type === "property" ? node.parent : node);
    }
    return 1;
  };
  return {
    file,
    value: (path) => {
      const node = nodeAt(path);
      return node === undefined ? undefined : getNodeValue(node);
    },
    line,
    keys: (path) =>
      (nodeAt(path)?.children ?? []).flatMap((property) => {
        const key = property.type === "property" ? property.children?.[0] : undefined;
        return key === undefined ? [] : [{ key: String(key.value), line: lineOf(key) }];
      }),
    error: (path, message, at = line(path)) => {
      const key = formatPath(path);
      return configError(`${file}:${at}: ${key === "" ? "" : `${key} `}${message}`, { file, line: at, key });
    },
  };
}

const SYNTAX: Record<string, string> = {
  InvalidSymbol: "a word that JSON does not know",
  InvalidNumberFormat: "a number that JSON does not know",
  PropertyNameExpected: "a key in double quotes is expected",
  ValueExpected: "a value is expected",
  ColonExpected: "a colon is expected",
  CommaExpected: "a comma is expected",
  CloseBraceExpected: "a closing } is missing",
  CloseBracketExpected: "a closing ] is missing",
  EndOfFileExpected: "there is text after the end",
  UnexpectedEndOfComment: "a comment does not end",
  UnexpectedEndOfString: "a string does not end",
  InvalidEscapeCharacter: "a string holds an escape that JSON does not know",
  InvalidCharacter: "a string holds a character that must be escaped",
};

function configError(
  detail: string,
  data: { file: string; line: number; column?: number; key?: string },
): OptimizerError {
  return new OptimizerError("config_invalid", { detail, data });
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[\w-]+$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}
