import { describe, expect, test } from "vitest";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import { ready, tool } from "./listings.ts";

const catalogue = buildCatalogue([
  ready(
    "git",
    ["git_log", "git_add", "git_status"].map((name) => tool(name)),
  ),
  ready(
    "github",
    ["list_issues", "search_issues", "create_issue"].map((name) => tool(name)),
  ),
  ready(
    "sentry",
    ["search_issues", "find_projects"].map((name) => tool(name)),
  ),
  ready(
    "every-thing",
    ["get-sum", "getSum", "echo"].map((name) => tool(name)),
  ),
  ready(
    "browser",
    ["git.log", "open"].map((name) => tool(name)),
  ),
]);
const resolve = (name: string): string | undefined => catalogue.resolve(name)?.path;

describe("resolving a name", () => {
  test.for([
    ["git.git_log", "git.git_log"],
    ["git_log", "git.git_log"],
    ["git__git_log", "git.git_log"],
    ["git/git_log", "git.git_log"],
    ["mcp__git__git_log", "git.git_log"],
    ["tools.git.git_log", "git.git_log"],
    [" git.gitLog ", "git.git_log"],
    ["GIT.GIT-LOG", "git.git_log"],
    ["listIssues", "github.list_issues"],
    ["everyThing.echo", "everyThing.echo"],
    ["every-thing.echo", "everyThing.echo"],
    ["every_thing__echo", "everyThing.echo"],
    ["sentry.search_issues", "sentry.search_issues"],
  ])("%s is %s", ([name, path]) => expect(resolve(name!)).toBe(path));

  test("an exact spelling goes before a similar one", () => {
    expect(resolve("getSum")).toBe("everyThing.getSum");
    expect(resolve("get-sum")).toBe("everyThing.getSum2");
    expect(resolve("every-thing.get-sum")).toBe("everyThing.getSum2");
    expect(resolve("git.log")).toBe("browser.gitLog");
  });

  test("what several tools are called is undefined, and lookup has them all", () => {
    expect(resolve("search_issues")).toBeUndefined();
    expect(resolve("GETSUM")).toBeUndefined();
    expect(catalogue.lookup("searchIssues").map(({ path }) => path)).toEqual([
      "github.search_issues",
      "sentry.search_issues",
    ]);
  });

  test.for([
    "",
    ".",
    "nothing",
    "git.",
    "git.nothing",
    "github.git_log",
    "x".repeat(10_000),
    "__proto__",
    "constructor",
  ])("%s is nothing", (name) => expect(resolve(name)).toBeUndefined());

  test("servers by name, namespace and other spellings", () => {
    expect(catalogue.server("every-thing")?.name).toBe("every-thing");
    expect(catalogue.server("everyThing")?.name).toBe("every-thing");
    expect(catalogue.server("EVERY_THING")?.name).toBe("every-thing");
    expect(catalogue.server("every")).toBeUndefined();
    expect(catalogue.server("")).toBeUndefined();
  });
});

describe("suggesting a name", () => {
  test.for([
    ["github.list_isues", "github.list_issues"],
    ["git.log", "git.git_log"],
    ["git.status", "git.git_status"],
    ["github.issues_list", "github.list_issues"],
    ["github.createIssues", "github.create_issue"],
    ["gti_log", "git.git_log"],
    ["sentry.projects", "sentry.find_projects"],
  ])("%s means %s", ([name, path]) => {
    const named = buildCatalogue([
      ready(
        "git",
        ["git_log", "git_add", "git_status"].map((name) => tool(name)),
      ),
      ready(
        "github",
        ["list_issues", "search_issues", "create_issue"].map((name) => tool(name)),
      ),
      ready(
        "sentry",
        ["search_issues", "find_projects"].map((name) => tool(name)),
      ),
    ]);
    expect(named.suggest(name!)[0]).toBe(path);
  });

  test("a name like nothing has no suggestion, and the limit holds", () => {
    expect(catalogue.suggest("zzzzqqqq")).toEqual([]);
    expect(catalogue.suggest("")).toEqual([]);
    expect(catalogue.suggest("issues", 2).length).toBeLessThanOrEqual(2);
    expect(catalogue.suggest("search_issue", 2)).toEqual(["github.search_issues", "sentry.search_issues"]);
  });
});
