import type { RankedDocument, Ranker, RankerDocument } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";

/** What the suite needs. */
export interface RankerSuite {
  readonly name: string;
  /** Makes a ranker that knows nothing yet. */
  readonly create: () => Ranker;
}

const document = (name: string, description: string, parameterNames: string[] = []): RankerDocument => ({
  server: name.startsWith("git") ? "git" : "files",
  name,
  description,
  parameterNames,
  parameterTexts: parameterNames.map((parameter) => `The ${parameter} that is meant`),
});
const DOCUMENTS: readonly RankerDocument[] = [
  document("git_branch", "Creates or deletes a branch of a repository.", ["branch"]),
  document("git_log", "Shows the history of commits.", ["author", "since"]),
  document("read_file", "Reads the contents of a text file.", ["path"]),
  document("readFile", "Reads the contents of a text file.", ["path"]),
  document("send_mail", "Sends an email to recipients.", ["to", "subject"]),
  document("搜索", "使用必应搜索指定的关键词"),
];
const ODD: readonly string[] = [
  "",
  " \n\t;",
  "\0\u{1F600}\uD800 \uFFFF",
  "__proto__ constructor toString",
  "مرحبا שלום สวัสดี ไทย",
  "搜索必应 キーワード 검색",
  "a".repeat(20_000),
  "read ".repeat(5_000),
  "=read \\ ( [ * ?",
];

/** Holds a ranker to the Ranker port. Call it at the top of a vitest file. */
export function testRanker({ name, create }: RankerSuite): void {
  const rank = (query: string, documents = DOCUMENTS): RankedDocument[] => {
    const ranker = create();
    return ranker.join([ranker.segment(documents)]).rank(query);
  };
  const names = (query: string): string[] => rank(query).map(({ index }) => DOCUMENTS[index]!.name);

  describe(`${name} is a ranker`, () => {
    test.for([
      ["create a branch", "git_branch"],
      ["history of commits", "git_log"],
      ["send an email", "send_mail"],
      ["必应搜索", "搜索"],
    ])("%s finds %s first", ([query, found]) => expect(names(query!)[0]).toBe(found));

    test("scores are over 0, best first; equal documents stay in order", () => {
      for (const query of ["read the file", "branch history", "path", ...ODD]) {
        const ranked = rank(query);
        for (const { score } of ranked) expect(score).toBeGreaterThan(0);
        expect(ranked).toEqual(ranked.toSorted((a, b) => b.score - a.score || a.index - b.index));
        expect(new Set(ranked.map(({ index }) => index)).size).toBe(ranked.length);
      }
      const twins = [DOCUMENTS[1]!, DOCUMENTS[2]!, DOCUMENTS[1]!, DOCUMENTS[1]!];
      expect(rank("history of commits", twins).map(({ index }) => index)).toEqual([0, 2, 3]);
    });

    test("accept and atLeast restrict: the share is of the best that is accepted", () => {
      const ranker = create();
      const index = ranker.join([ranker.segment(DOCUMENTS)]);
      const query = "read the text of a file; history of commits";
      const [first] = index.rank(query);
      expect(index.rank(query, { atLeast: 1 })[0]).toEqual(first);
      expect(index.rank(query, { accept: () => false })).toEqual([]);
      const others = index.rank(query, { accept: (at) => at !== first!.index, atLeast: 0.5 });
      expect(others.length).toBeGreaterThan(0);
      for (const { index: at, score } of others) {
        expect(at).not.toBe(first!.index);
        expect(score).toBeGreaterThanOrEqual(others[0]!.score / 2);
      }
    });

    test("the same documents and query give the same, in whatever segments they come", () => {
      const ranker = create();
      for (let cut = 0; cut <= DOCUMENTS.length; cut++) {
        const parts = [DOCUMENTS.slice(0, cut), [], DOCUMENTS.slice(cut)].map((part) => ranker.segment(part));
        expect(parts.map(({ size }) => size)).toEqual([cut, 0, DOCUMENTS.length - cut]);
        const index = ranker.join(parts);
        for (const query of ["read the file", "commits of an author", "搜索", "mail file branch"]) {
          expect(index.rank(query)).toEqual(rank(query));
          expect(index.rank(query)).toEqual(index.rank(query));
        }
      }
    });

    test("odd texts are read without harm, and without words nothing matches", () => {
      const documents = ODD.map((text) => document(text, text, [text]));
      for (const query of ODD) expect(() => rank(query, documents)).not.toThrow();
      expect(rank("")).toEqual([]);
      expect(rank(" \n;", documents)).toEqual([]);
      expect(rank("read", [])).toEqual([]);
    });
  });
}
