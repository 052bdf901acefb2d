import { expect, test } from "vitest";
import { isNoFolder, statePlace } from "../src/state-place.ts";

test.each<[string, string | undefined, string | undefined, string]>([
  ["the folder that is set", "/srv/state", "/x", "/srv/state"],
  ["memory, when that is set", "memory", "/x", "memory"],
  ["the Redis that is set", "redis://h:1/2", "/x", "redis://h:1/2"],
  ["the user's folder for state", undefined, "/x", "/x/mcp-optimizer"],
  ["the usual one", undefined, undefined, "/home/me/.local/state/mcp-optimizer"],
  ["the usual one for a relative one", undefined, "x", "/home/me/.local/state/mcp-optimizer"],
])("state is kept in %s", (_, state, folder, expected) => {
  const env = { XDG_STATE_HOME: folder };
  expect(statePlace(state === undefined ? {} : { state }, env, "/home/me")).toBe(expected);
});

test("what is meant as a URL is no folder, whose name the disk and errors would tell with its password", () => {
  const urls = ["redis://h", "rediss://h", "redis+sentinel://h/p", "Redis://:s3cret@h", "reddis://:s3cret@h"];
  for (const state of [...urls, "memory", "memory:", "sqlite:/x.db"]) expect(isNoFolder(state)).toBe(true);
  for (const state of ["redis", "/redis:/x", "./memory", "C:\\state"]) expect(isNoFolder(state)).toBe(false);
});
