import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_DEPTH, parseGuestJson } from "../src/parse-guest-json.ts";
import { parseJsonSteps } from "../src/parse-json-steps.ts";

/** The stepped parser, run through at once. */
function parseStepped(text: string): JsonValue {
  const steps = parseJsonSteps(text);
  for (;;) {
    const step = steps.next();
    if (step.done === true) {
      return step.value;
    }
  }
}

const outcome = (parse: () => unknown): unknown => {
  try {
    return { value: parse() };
  } catch (error) {
    return OptimizerError.is(error) ? error.code : "refused";
  }
};

test("both parsers agree with JSON.parse on every value", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(0, 1, "\t"), (text, indent) => {
      const spaced = JSON.stringify(JSON.parse(text), undefined, indent);
      const expected = JSON.parse(JSON.stringify(JSON.parse(text), dropKeys)) as JsonValue;
      expect(parseStepped(spaced)).toEqual(expected);
      expect(parseGuestJson(spaced)).toEqual(expected);
    }),
  );
});

function dropKeys(this: unknown, key: string, value: unknown): unknown {
  return !Array.isArray(this) && ["__proto__", "constructor", "prototype"].includes(key) ? undefined : value;
}

test("both parsers refuse what JSON.parse refuses", () => {
  const cuts = fc.tuple(
    fc.json({ maxDepth: 3 }),
    fc.nat(),
    fc.nat(3),
    fc.constantFrom("", ",", "]", "{", '"', "\\", "1", "\n", "é"),
  );
  fc.assert(
    fc.property(cuts, ([json, at, remove, insert]) => {
      const place = at % (json.length + 1);
      const text = json.slice(0, place) + insert + json.slice(place + remove);
      const native = outcome(() => JSON.parse(text) as unknown);
      const expected = native === "refused" ? "sandbox_violation" : expect.objectContaining({});
      expect(
        outcome(() => parseStepped(text)),
        text,
      ).toEqual(expected);
      expect(
        outcome(() => parseGuestJson(text)),
        text,
      ).toEqual(outcome(() => parseStepped(text)));
    }),
    { numRuns: 2_000 },
  );
});

test("keys that are traps are dropped at every depth, however they are written", () => {
  for (const key of [
    '"__proto__"',
    '"constructor"',
    '"prototype"',
    '"\\u005f_proto__"',
    '"c\\u006fnstructor"',
  ]) {
    const text = `{"a":[{${key}:{"polluted":true},"kept":1}]}`;
    for (const value of [parseStepped(text), parseGuestJson(text)]) {
      expect(value).toEqual({ a: [{ kept: 1 }] });
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    }
  }
});

test("nesting is bounded, and brackets in strings do not count", () => {
  const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
  for (const parse of [parseStepped, parseGuestJson]) {
    expect(outcome(() => parse(nested(MAX_DEPTH)))).toHaveProperty("value");
    expect(outcome(() => parse(nested(MAX_DEPTH + 1)))).toBe("output_limit");
    expect(outcome(() => parse(JSON.stringify(["[".repeat(1_000), '\\"[{', { "[[": 1 }])))).toHaveProperty(
      "value",
    );
  }
});

test("a long text is parsed in turns of the event loop", async () => {
  const rows = Array.from({ length: 200_000 }, (_, id) => ({ id, name: `row ${id}` }));
  let turns = 0;
  const counter = setInterval(() => turns++, 0);
  const value = await parseGuestJson(JSON.stringify(rows));
  clearInterval(counter);
  expect(turns).toBeGreaterThan(3);
  expect(value).toEqual(rows);
});
