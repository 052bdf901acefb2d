import { mkdtemp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SavedProgram } from "@mcp-optimizer/contracts";
import { testSavedProgramStore } from "@mcp-optimizer/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDirectoryProgramStore } from "../../src/programs/directory-program-store.ts";
import { createMemoryProgramStore } from "../../src/programs/memory-program-store.ts";

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "mcp-optimizer-programs-"));

testSavedProgramStore({ name: "memory", create: () => ({ store: createMemoryProgramStore() }) });
testSavedProgramStore({
  name: "a directory",
  create: async () => {
    const folder = await newFolder();
    const store = createDirectoryProgramStore(join(folder, "programs"));
    return { store, dispose: () => rm(folder, { recursive: true }) };
  },
});

describe("a directory of programs", () => {
  const program: SavedProgram = {
    name: "sum",
    version: 1,
    description: "Adds",
    language: "javascript",
    code: "const { a } = params;\nreturn a;",
    params: { type: "object" },
    tenant: "t",
    runId: "r_1",
    at: 1,
  };
  let folder: string;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("has a file that a person can read, for nobody else, and no drafts", async () => {
    const inner = join(folder, "state", "programs");
    await createDirectoryProgramStore(inner).save(program);
    expect(await readdir(inner)).toEqual(["sum.v1.json"]);
    const text = await readFile(join(inner, "sum.v1.json"), "utf8");
    expect(text).toContain('  "code": [\n    "const { a } = params;",\n    "return a;"\n  ],');
    expect((await stat(join(inner, "sum.v1.json"))).mode & 0o777).toBe(0o600);
    expect((await stat(inner)).mode & 0o777).toBe(0o700);
  });

  test.each<[string, string, string, RegExp]>([
    ["no JSON", "sum.v1.json", "{", /sum\.v1\.json is not a saved program: it is not JSON/],
    ["another shape", "sum.v1.json", '{ "name": "sum" }', /version/],
    ["null", "sum.v1.json", "null", /is not a saved program/],
    ["another name", "notes.json", "{}", /notes\.json is not a saved program: its name is not/],
    ["a version that is none", "sum.v0.json", "{}", /its name is not/],
  ])("refuses a foreign file and leaves it alone: %s", async (_name, file, text, says) => {
    await writeFile(join(folder, file), text);
    const store = createDirectoryProgramStore(folder);
    const error = await store.list().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "store_unavailable",
      message: expect.stringMatching(says) as string,
    });
    expect(await readFile(join(folder, file), "utf8")).toBe(text);
  });

  test("refuses a file that was given another's name", async () => {
    const store = createDirectoryProgramStore(folder);
    await store.save(program);
    await writeFile(join(folder, "other.v1.json"), await readFile(join(folder, "sum.v1.json")));
    await expect(store.list()).rejects.toThrow(/other\.v1\.json .* it holds version 1 of sum/);
  });

  test("does not mind other files", async () => {
    await writeFile(join(folder, "README.md"), "mine");
    await writeFile(join(folder, ".hidden.json"), "mine");
    expect(await createDirectoryProgramStore(folder).list()).toEqual([]);
  });

  test("says when the folder cannot be used", async () => {
    await writeFile(join(folder, "file"), "");
    const store = createDirectoryProgramStore(join(folder, "file"));
    await expect(store.list()).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(store.save(program)).rejects.toMatchObject({ code: "store_unavailable" });
    await mkdir(join(folder, "sum.v1.json"));
    await expect(createDirectoryProgramStore(folder).list()).rejects.toMatchObject({
      code: "store_unavailable",
    });
  });

  test("is read anew, so that another process's programs are seen", async () => {
    const store = createDirectoryProgramStore(folder);
    await createDirectoryProgramStore(folder).save(program);
    expect(await store.list()).toEqual([program]);
    await expect(store.save(program)).rejects.toMatchObject({ code: "conflict" });
  });
});
