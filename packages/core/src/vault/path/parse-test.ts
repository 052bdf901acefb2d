import { compilePattern } from "../grep/compile-pattern.ts";
import type { JsonPath, Operand, Test } from "./json-path.ts";
import { parseSegments } from "./parse-json-path.ts";
import type { PathReader } from "./path-reader.ts";

const DEEPEST = 16;
const FUNCTIONS = "length(), search() and match() are the functions there are";

/** Reads the condition of a filter. */
export function parseTest(reader: PathReader, depth: number): Test {
  if (depth > DEEPEST) return reader.fail("a filter is nested too deeply");
  const tests = [parseAll(reader, depth)];
  while (reader.take("||")) tests.push(parseAll(reader, depth));
  return tests.length === 1 ? tests[0]! : { is: "or", tests };
}

function parseAll(reader: PathReader, depth: number): Test {
  const tests = [parseOne(reader, depth)];
  while (reader.take("&&")) tests.push(parseOne(reader, depth));
  return tests.length === 1 ? tests[0]! : { is: "and", tests };
}

function parseOne(reader: PathReader, depth: number): Test {
  if (reader.take("!")) return { is: "not", test: parseOne(reader, depth + 1) };
  if (reader.take("(")) {
    const test = parseTest(reader, depth + 1);
    reader.need(")");
    return test;
  }
  const found = reader.take("search(", "match(");
  if (found !== undefined) return parseFound(reader, found === "match(", depth);
  const left = parseOperand(reader, depth);
  const by = reader.take("==", "!=", "<=", ">=", "<", ">");
  if (by !== undefined) return { is: "compared", by, left, right: parseOperand(reader, depth) };
  return left.kind === "path" ? { is: "there", path: left.path } : reader.fail("a comparison is missing");
}

function parseFound(reader: PathReader, whole: boolean, depth: number): Test {
  const operand = parseOperand(reader, depth);
  reader.need(",");
  const pattern = reader.quoted() ?? reader.fail("a pattern in quotes is missing");
  reader.need(")");
  return { is: "found", in: operand, pattern: compilePattern(whole ? `^(?:${pattern})$` : pattern, false) };
}

function parseOperand(reader: PathReader, depth: number): Operand {
  if (depth > DEEPEST) return reader.fail("a filter is nested too deeply");
  if (reader.take("length(")) {
    const of = parseOperand(reader, depth + 1);
    reader.need(")");
    return { kind: "length", of };
  }
  const from = reader.take("@", "$");
  if (from !== undefined) {
    const path: JsonPath = { from, segments: parseSegments(reader) };
    return { kind: "path", path };
  }
  const value = reader.quoted() ?? reader.number();
  if (value !== undefined) return { kind: "literal", value };
  const word = reader.take("true", "false", "null");
  if (word === undefined) return reader.fail(`@, $, a number or a text in quotes is missing; ${FUNCTIONS}`);
  return { kind: "literal", value: word === "null" ? null : word === "true" };
}
