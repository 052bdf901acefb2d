import type { Policy, Ranker } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import { createCatalogueView } from "../../src/catalogue/catalogue-view.ts";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import { createPolicy } from "../../src/policy/create-policy.ts";
import { createCatalogueSearch } from "../../src/search/catalogue-search.ts";
import { createLexicalRanker } from "../../src/search/lexical-ranker.ts";
import { ready, tool } from "./listings.ts";

const issues = Array.from({ length: 30 }, (_, index) =>
  tool(`list_issues_${index}`, { description: "Lists issues." }),
);
const listings = [
  ready("tracker", issues),
  ready("git", [tool("git_log", { description: "Shows commits." }), tool("git_push")]),
];
const catalogue = buildCatalogue(listings);
const guests = createPolicy({
  rules: [
    { decide: "deny", tool: "git_push", tenant: "guest*" },
    { decide: "deny", tool: "list_issues_1*", tenant: "guest*" },
  ],
});
const paths = ({ tools }: Catalogue): string[] => tools.map(({ path }) => path);

describe("a tenant's view of the catalogue", () => {
  test("is the catalogue itself while nothing is hidden", () => {
    expect(createCatalogueView(() => catalogue, guests)({ tenant: "team" })).toBe(catalogue);
  });

  test("has no hidden tool, by list, by name or by suggestion, and the others under the same paths", () => {
    const view = createCatalogueView(() => catalogue, guests)({ tenant: "guest1" });
    expect(paths(view)).toEqual(paths(catalogue).filter((path) => !/git_push|list_issues_1/.test(path)));
    expect(view.resolve("git.git_push")).toBeUndefined();
    expect(view.lookup("git_push")).toEqual([]);
    expect(view.suggest("git_psh")).not.toContain("git.git_push");
    expect(catalogue.suggest("git_psh")).toContain("git.git_push");
    expect(view.server("git")!.tools).toHaveLength(1);
  });

  test("leaves out a server of which everything is hidden, tools or not, and keeps one that has nothing yet", () => {
    const coming = (name: string) => ({ name, status: { state: "connecting" } as const, tools: [] });
    const snapshot = buildCatalogue([...listings, coming("late"), coming("slow")]);
    const policy = createPolicy({
      rules: [
        { decide: "deny", server: "git" },
        { decide: "deny", server: "late" },
      ],
    });
    const view = createCatalogueView(() => snapshot, policy)();
    expect(view.servers.map(({ name }) => name)).toEqual(["tracker", "slow"]);
    expect(view.server("git")).toBeUndefined();
    expect(view.server("late")).toBeUndefined();
  });

  test("is shared by tenants that see the same, and its lists stay while only a server's state changes", () => {
    let snapshot = catalogue;
    const views = createCatalogueView(() => snapshot, guests);
    const first = views({ tenant: "guest1" });
    expect(views({ tenant: "guest2" })).toBe(first);
    const failed = { state: "failed", reason: "gone" } as const;
    snapshot = buildCatalogue([listings[0]!, { ...listings[1]!, status: failed }], catalogue);
    const second = views({ tenant: "guest1" });
    expect(second).not.toBe(first);
    expect(second.servers[0]).toBe(first.servers[0]);
    expect(second.servers[1]!.status).toEqual(failed);
    expect(second.servers[1]!.tools).toBe(first.servers[1]!.tools);
  });

  test("shows a tool to callers who have its scope, in whatever order they have it, and to nobody else", () => {
    const scoped = createPolicy({
      rules: [
        { decide: "allow", tool: "git_push", scope: "git:write" },
        { decide: "deny", tool: "git_push" },
      ],
    });
    const views = createCatalogueView(() => catalogue, scoped);
    const without = views({ scopes: ["git:read"] });
    expect(without.resolve("git.git_push")).toBeUndefined();
    expect(views()).toBe(without);
    expect(views({ tenant: "team", scopes: ["git:write", "git:read"] })).toBe(catalogue);
    expect(views({ tenant: "team", scopes: ["git:read", "git:write"] })).toBe(catalogue);
    expect(views({ tenant: JSON.stringify(["local", "git:write"]) })).toBe(without);
  });

  test("is empty when the policy cannot say", () => {
    const policy: Pick<Policy, "hides"> = {
      hides: () => {
        throw new Error("no rules");
      },
    };
    expect(paths(createCatalogueView(() => catalogue, policy)())).toEqual([]);
  });

  test("is searched as if there were no other tools: pages are full, and hidden names find nothing", () => {
    const views = createCatalogueView(() => catalogue, guests);
    const search = createCatalogueSearch(views, createLexicalRanker());
    const [need] = search({ query: "list issues", limit: 15 }, { tenant: "guest1" }).needs;
    expect(need).toMatchObject({ relevant: 19, next: 15 });
    expect(need!.hits).toHaveLength(15);
    const text = JSON.stringify([
      search({ query: "git_push; list_issues_12; push commits" }, { tenant: "guest1" }),
      search({ query: "" }, { tenant: "guest1" }),
    ]);
    expect(text.replaceAll(/"query":"[^"]*"/g, "")).not.toMatch(/git_push|list_issues_1/);
    expect(search({ query: "git_push" }).needs[0]!.hits[0]!.path).toBe("git.git_push");
  });

  test("costs no second index of servers of which nothing is hidden", () => {
    const lexical = createLexicalRanker();
    let indexed = 0;
    const ranker: Ranker = {
      ...lexical,
      segment: (documents) => {
        indexed += documents.length;
        return lexical.segment(documents);
      },
    };
    const policy = createPolicy({ rules: [{ decide: "deny", tool: "git_push", tenant: "guest*" }] });
    const search = createCatalogueSearch(
      createCatalogueView(() => catalogue, policy),
      ranker,
    );
    search({ query: "issues" });
    expect(indexed).toBe(32);
    for (const tenant of ["guest1", "guest2", "guest3"]) search({ query: "issues" }, { tenant });
    expect(indexed).toBe(33);
  });
});
