import type { JsonPath, Segment, Selector } from "./json-path.ts";
import { parseTest } from "./parse-test.ts";
import { PathReader } from "./path-reader.ts";

const LONGEST = 2_000;

/** Reads a path; the `$` before the first name or bracket may be missing. Throws `invalid_params` that says where it is wrong. */
export function parseJsonPath(text: string): JsonPath {
  const reader = new PathReader(text);
  if (text.length > LONGEST) reader.fail(`it has over ${LONGEST} characters`);
  reader.take("$");
  const segments = parseSegments(reader, true);
  if (!reader.atEnd) reader.fail("this is no step of a path");
  return { from: "$", segments };
}

/** The steps that follow; of the `first`, a bare name may be one. */
export function parseSegments(reader: PathReader, first = false): readonly Segment[] {
  const segments: Segment[] = [];
  const bare = first ? reader.name() : undefined;
  if (bare !== undefined) segments.push({ deep: false, selectors: [{ take: "name", name: bare }] });
  for (;;) {
    const begin = reader.take("..", ".", "[");
    if (begin === undefined) return segments;
    const deep = begin === "..";
    const bracket = begin === "[" || (deep && reader.take("[") !== undefined);
    segments.push({ deep, selectors: bracket ? parseSelectors(reader) : [parseDotted(reader)] });
  }
}

function parseDotted(reader: PathReader): Selector {
  if (reader.take("*")) return { take: "all" };
  return { take: "name", name: reader.name() ?? reader.fail("a name or * is missing") };
}

function parseSelectors(reader: PathReader): readonly Selector[] {
  const selectors: Selector[] = [];
  do selectors.push(parseSelector(reader));
  while (reader.need(",", "]") === ",");
  return selectors;
}

function parseSelector(reader: PathReader): Selector {
  if (reader.take("*")) return { take: "all" };
  if (reader.take("?")) return { take: "filter", test: parseTest(reader, 0) };
  const name = reader.quoted();
  if (name !== undefined) return { take: "name", name };
  const from = reader.integer();
  if (!reader.take(":")) {
    return from === undefined
      ? reader.fail("an index, a slice, a name in quotes, * or ? is missing")
      : { take: "index", index: from };
  }
  const to = reader.integer();
  const step = (reader.take(":") ? reader.integer() : undefined) ?? 1;
  return { take: "slice", ...(from !== undefined && { from }), ...(to !== undefined && { to }), step };
}
