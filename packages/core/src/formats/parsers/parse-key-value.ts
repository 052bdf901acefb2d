import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import { formatError } from "../format-error.ts";
import { splitPair } from "../split-pair.ts";
import { jsonObject } from "./json-object.ts";
import { columnReader, scalar } from "./scalar.ts";

/** The values of each key of a block. */
type Block = Map<string, string[]>;

/**
 * Lines of `key: value` or `key=value` as an object. Where a blank line, a rule or the first key again begins a new block with keys of the
 * one before, a list of objects. A key that comes again within a block has a list of values. Indented lines go on with the value above.
 */
export function parseKeyValue(text: string): JsonValue {
  const blocks: Block[] = [];
  let block: Block | undefined;
  let values: string[] | undefined;
  let number = 0;
  for (const line of text.replace(/^\uFEFF/u, "").split(/\r\n|[\n\r]/u)) {
    number += 1;
    if (/^\s*(?:-{3,}|={3,})?\s*$/u.test(line)) {
      block = undefined;
      continue;
    }
    const pair = splitPair(line);
    if (pair) {
      const first = block?.keys().next().value;
      if (block === undefined || first === pair.key) blocks.push((block = new Map()));
      values = block.get(pair.key);
      if (values) values.push(pair.value);
      else block.set(pair.key, (values = [pair.value]));
    } else if (block && values && /^\s/u.test(line)) values.push(`${values.pop()!}\n${line.trim()}`);
    else throw formatError("keyValue", "there is no key, as in key: value", number);
  }
  return haveCommonKeys(blocks) ? toList(blocks) : toObject(blocks);
}

function haveCommonKeys(blocks: readonly Block[]): boolean {
  const seen = new Set<string>();
  for (const block of blocks) {
    for (const key of block.keys()) if (seen.has(key)) return true;
    for (const key of block.keys()) seen.add(key);
  }
  return false;
}

/** Blocks that have nothing in common are parts of one object. */
function toObject(blocks: readonly Block[]): JsonObject {
  const entries = blocks.flatMap((block) => [...block]);
  return jsonObject(
    entries.map(([key]) => key),
    entries.map(([, values]) => oneOrAll(values.map(scalar))),
  );
}

/** The values of a key are read alike in all blocks. */
function toList(blocks: readonly Block[]): JsonObject[] {
  const all = new Map<string, string[]>();
  for (const block of blocks) {
    for (const [key, values] of block) {
      const known = all.get(key);
      if (known) for (const value of values) known.push(value);
      else all.set(key, [...values]);
    }
  }
  const readers = new Map([...all].map(([key, values]) => [key, columnReader(values)] as const));
  return blocks.map((block) =>
    jsonObject(
      [...block.keys()],
      Array.from(block, ([key, values]) => oneOrAll(values.map(readers.get(key)!))),
    ),
  );
}

const oneOrAll = (values: JsonValue[]): JsonValue => (values.length === 1 ? values[0]! : values);
