import type { RankerDocument } from "@mcp-optimizer/contracts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLexicalRanker } from "../../src/search/lexical-ranker.ts";

const document = (name: string, description = "", fields: Partial<RankerDocument> = {}): RankerDocument => ({
  server: "server",
  name,
  description,
  parameterNames: [],
  parameterTexts: [],
  ...fields,
});
const documents = [
  document("git_branch", "Manage branches: list, create or delete a branch."),
  document("git_log", "View commit history.", {
    parameterNames: ["maxCount"],
    parameterTexts: ["Show commits of an author"],
  }),
  document("bing_search", "使用必应搜索指定的关键词"),
  document("read_file", "Read the complete contents of a file.", { server: "filesystem" }),
  document("sendMail", "Send an email to recipients."),
];
const ranker = createLexicalRanker();
const index = ranker.join([ranker.segment(documents)]);
const names = (query: string): string[] => index.rank(query).map(({ index }) => documents[index]!.name);

describe("the lexical ranker", () => {
  test.for([
    ["listing the branch", "git_branch"],
    ["commits of one author", "git_log"],
    ["用必应搜索新闻", "bing_search"],
    ["filesystem", "read_file"],
    ["send mail", "sendMail"],
    ["max count", "git_log"],
  ])("%s finds %s", ([query, name]) => expect(names(query!)[0]).toBe(name));

  test("what shares no word is left out", () => {
    expect(names("weather")).toEqual([]);
    expect(names("the of and please")).toEqual([]);
    expect(names("")).toEqual([]);
  });

  test("a word counts once, however often a query has it", () => {
    expect(index.rank("branch")).toEqual(index.rank("branch branch branch branch"));
  });

  test("accept and atLeast restrict", () => {
    const all = index.rank("read file commits history author");
    expect(all.length).toBeGreaterThan(1);
    expect(index.rank("read file commits history author", { atLeast: 1 })).toEqual(all.slice(0, 1));
    const others = index.rank("read file commits history author", {
      accept: (at) => at !== all[0]!.index,
      atLeast: 1,
    });
    expect(others).toEqual(all.slice(1, 2));
  });

  test("how documents are split into segments changes nothing", () => {
    const text = fc
      .array(fc.constantFrom("read", "file", "git", "branch", "list", "send", "搜索", "getSum"), {
        maxLength: 6,
      })
      .map((words) => words.join(" "));
    const made = fc.record({
      server: text,
      name: text,
      description: text,
      parameterNames: fc.array(text),
      parameterTexts: fc.array(text),
    });
    fc.assert(
      fc.property(fc.array(made, { maxLength: 12 }), fc.array(fc.nat(12)), text, (list, cuts, query) => {
        const ends = [...new Set([...cuts, list.length])]
          .filter((end) => end <= list.length)
          .sort((a, b) => a - b);
        const segments = ends.map((end, at) => ranker.segment(list.slice(ends[at - 1] ?? 0, end)));
        expect(ranker.join(segments).rank(query)).toEqual(ranker.join([ranker.segment(list)]).rank(query));
      }),
    );
  });
});
