import { describe, expect, test } from "vitest";
import { checkProgram } from "../../src/check/check-program.ts";
import { programTools } from "../../src/check/tools-of.ts";
import { hasCorpus, readCorpus } from "../read-corpus.ts";
import { GLOBALS } from "./guest-globals.ts";
import { RIGHT_PROGRAMS } from "./right-programs.ts";
import { TASK_PROGRAMS } from "./task-programs.ts";
import { traceText } from "./trace-text.ts";
import { WRONG_PROGRAMS } from "./wrong-programs.ts";

describe.skipIf(!hasCorpus)("against real servers (skipped without ../shared/corpus)", () => {
  const catalogue = hasCorpus ? readCorpus() : undefined!;
  const check = async (code: string) => checkProgram(await traceText(code), { catalogue, globals: GLOBALS });

  test.each(Object.entries({ ...TASK_PROGRAMS, ...RIGHT_PROGRAMS }))(
    "says nothing about %s",
    async (_name, code) => {
      expect(await check(code)).toEqual([]);
    },
  );

  test.each(WRONG_PROGRAMS.map((program, index) => [index, program] as const))(
    "finds fault %i",
    async (_index, { code, line, says }) => {
      const [first, ...more] = await check(code);
      expect(first, code).toBeDefined();
      expect(first!.message).toMatch(says);
      expect(first!.position.line).toBe(line);
      expect(more).toEqual([]);
    },
  );

  test.each<[string, string, string[], boolean]>([
    [
      "direct calls",
      `await git.git_log({}); return await sqlite.list_tables({})`,
      ["git.git_log", "sqlite.list_tables"],
      false,
    ],
    [
      "a set of names",
      `for (const n of ["git_log", "git_show"]) await git[n]({})`,
      ["git.git_log", "git.git_show"],
      false,
    ],
    ["destructuring", `const { git_log: l } = git; return l()`, ["git.git_log"], false],
    ["a tool handed on", `return ["a"].map(filesystem.read_file)`, ["filesystem.read_file"], false],
    ["tools.call", `return tools.call("redis.get", { key: "a" })`, ["redis.get"], false],
    ["none", `return [1].map((x) => Math.abs(x))`, [], false],
  ])("knows the tools of %s", async (_name, code, paths, open) => {
    const found = programTools(await traceText(code), catalogue);
    expect(found.tools.map(({ path }) => path)).toEqual(paths);
    expect(found.open).toBe(open);
  });

  test.each([
    ["a computed name", `const n = String(Date.now()); return redis[n]({})`, "redis"],
    ["a server in a list", `return [redis].map((s) => s.get({ key: "a" }))`, "redis"],
    ["rest", `const { get, ...rest } = redis; return rest`, "redis"],
    ["Object.values", `return Object.values(redis)[0]({})`, "redis"],
    ["Reflect", `return Reflect.get(redis, "g" + "et")({})`, "redis"],
    ["spread", `return ({ ...redis }).get({})`, "redis"],
    ["a variable that changes", `let s = redis; s = 1; return s`, "redis"],
    ["a parameter", `function f(s) { return s.get({}) } return f(redis)`, "redis"],
    ["eval", `return eval("git")`, "*"],
    ["Function", `return new Function("return git")()`, "*"],
    ["a constructor", `return (async () => {}).constructor("return git")()`, "*"],
    ["a constructor by name", `return (() => {})["constructor"]("return git")()`, "*"],
    ["globalThis", `return globalThis["gi" + "t"].git_log()`, "*"],
    ["this", `return this.git`, "*"],
    ["import", `return import("x")`, "*"],
    ["tools.call of a text", `return tools.call("gi" + Date.now(), {})`, "*"],
    ["tools as a value", `const t = [tools]; return t[0].call("git.git_log")`, "*"],
  ])("takes all that %s may reach", async (_name, code, server) => {
    const { tools, open } = programTools(await traceText(code), catalogue);
    const meant = catalogue.tools.filter((tool) => server === "*" || tool.namespace === server);
    expect(tools).toEqual(meant);
    expect(open).toBe(true);
  });
});
