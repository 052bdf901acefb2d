import { expect, test } from "vitest";
import { parseStatePlace } from "../../src/index.ts";

test.each([
  ["memory", { kind: "memory" }],
  ["memory:", { kind: "memory" }],
  ["sqlite:/var/lib/me/it.db", { kind: "sqlite", file: "/var/lib/me/it.db" }],
  ["sqlite:///var/lib/me/it.db", { kind: "sqlite", file: "/var/lib/me/it.db" }],
  ["sqlite:it.db", { kind: "sqlite", file: `${process.cwd()}/it.db` }],
  ["/var/lib/me", { kind: "sqlite", file: "/var/lib/me/state.db" }],
  ["./a folder", { kind: "sqlite", file: `${process.cwd()}/a folder/state.db` }],
  ["redis://:secret@host:1/2", { kind: "redis", url: "redis://:secret@host:1/2" }],
  ["rediss+cluster://a:1,b:2", { kind: "redis", url: "rediss+cluster://a:1,b:2" }],
])("%s", (text, place) => {
  expect(parseStatePlace(text)).toEqual(place);
});

test.each([
  "",
  "sqlite:",
  "sqlite://x.db",
  "sqlite::memory:",
  "postgres://u:s3cret@host/db",
  "http://host",
  "file:///x",
])("%j is none", (text) => {
  expect(() => parseStatePlace(text)).toThrow(
    expect.objectContaining({
      code: "config_invalid",
      message: expect.not.stringContaining("s3cret") as string,
    }) as Error,
  );
});
