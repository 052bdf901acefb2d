import type { RankerDocument } from "@mcp-optimizer/contracts";
import { testRanker } from "@mcp-optimizer/testkit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import { createCatalogueSearch } from "../../src/search/catalogue-search.ts";
import { createLexicalRanker } from "../../src/search/lexical-ranker.ts";
import { createMeaningRanker } from "../../src/search/meaning-ranker.ts";
import { hasCorpus, readCorpus } from "../read-corpus.ts";
import { ready, tool } from "../catalogue/listings.ts";
import { wordTable } from "./word-table.ts";

testRanker({ name: "lexical", create: createLexicalRanker });
testRanker({ name: "meaning", create: () => createMeaningRanker({ vectors: wordTable }) });
testRanker({
  name: "meaning without a table",
  create: () => createMeaningRanker({ vectors: () => undefined }),
});

const document = (name: string, description = "", server = "s"): RankerDocument => ({
  server,
  name,
  description,
  parameterNames: [],
  parameterTexts: [],
});

function names(documents: readonly RankerDocument[], query: string): string[] {
  const ranker = createMeaningRanker({ vectors: wordTable });
  const index = ranker.join([ranker.segment(documents)]);
  return index.rank(query).map(({ index }) => documents[index]!.name);
}

describe("the meaning ranker", () => {
  const documents = [
    document("read_file", "Reads a file."),
    document("send_mail", "Sends a mail."),
    document("git_branch", "Makes a branch."),
    document("get_forecast", "Says how the weather will be."),
    document("unknown_words", "Xyzzy plugh."),
  ];

  test("finds what means the same in other words", () => {
    expect(names(documents, "load a document")).toEqual(["read_file"]);
    expect(names(documents, "post a letter")).toEqual(["send_mail"]);
    expect(names(documents, "rain")).toEqual(["get_forecast"]);
  });

  test("a shared word still counts, known to the table or not", () => {
    expect(names(documents, "xyzzy")).toEqual(["unknown_words"]);
    expect(names(documents, "plugh and a letter").toSorted()).toEqual(["send_mail", "unknown_words"]);
  });

  test("what is neither shared nor near does not match", () => {
    expect(names(documents, "chronicle")).toEqual([]);
    expect(names(documents, "entirely different")).toEqual([]);
  });

  test("text in another script is found by English words, and English text by it", () => {
    const foreign = [
      ...documents,
      document("bing", "使用必应搜索指定的关键词"),
      document("ask", "Finds things."),
    ];
    expect(names(foreign, "search").toSorted()).toEqual(["ask", "bing"]);
    expect(names(foreign, "天气")).toEqual(["get_forecast"]);
  });

  test("a tool beside good ones goes before one that stands alone", () => {
    const documents = [
      document("load_document", "", "alone"),
      document("load_document", "", "files"),
      document("read_file", "", "files"),
      document("open_document", "", "files"),
    ];
    const ranker = createMeaningRanker({ vectors: wordTable });
    const ranked = ranker.join([ranker.segment(documents)]).rank("load document");
    expect(ranked.map(({ index }) => documents[index]!.server)).toEqual(["files", "alone", "files", "files"]);
  });

  test("the table is asked for once, when the first documents are indexed", async () => {
    let loads = 0;
    const vectors = () => (loads++, wordTable());
    const catalogue = buildCatalogue([ready("files", [tool("read_file"), tool("send_mail")])]);
    const search = createCatalogueSearch(() => catalogue, createMeaningRanker({ vectors }));
    expect(loads).toBe(0);
    await search.prepare();
    expect(search({ query: "deliver a letter" }).needs[0]!.hits[0]!.name).toBe("send_mail");
    expect(loads).toBe(1);
  });

  test("without a table it ranks as the lexical ranker does", () => {
    const word = fc.constantFrom("read", "load", "file", "git", "branch", "mail", "搜索", "the", "getSum");
    const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));
    const made = fc.record({ server: text, name: text, description: text });
    const lexical = createLexicalRanker();
    const bare = createMeaningRanker({ vectors: () => undefined });
    const property = fc.property(fc.array(made, { maxLength: 8 }), text, (list, query) => {
      const read = list.map(({ server, name, description }) => document(name, description, server));
      expect(bare.join([bare.segment(read)]).rank(query)).toEqual(
        lexical.join([lexical.segment(read)]).rank(query),
      );
    });
    fc.assert(property, { numRuns: 50 });
  });

  test("segments change nothing, whatever their vectors are", () => {
    const word = fc.constantFrom("read", "load", "file", "letter", "branch", "mail", "搜索", "past", "xyzzy");
    const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));
    const list = fc.array(fc.record({ server: text, name: text, description: text }), { maxLength: 12 });
    const ranker = createMeaningRanker({ vectors: wordTable });
    const property = fc.property(list, fc.nat(12), text, (made, cut, query) => {
      const read = made.map(({ server, name, description }) => document(name, description, server));
      const parts = [read.slice(0, cut), read.slice(cut)].map((part) => ranker.segment(part));
      const whole = ranker.join([ranker.segment(read)]).rank(query);
      const joined = ranker.join(parts).rank(query);
      // Sums of floats depend on their order, in the tenth digit.
      expect(joined).toHaveLength(whole.length);
      for (const { index, score } of joined) {
        expect(whole.find((one) => one.index === index)!.score).toBeCloseTo(score, 6);
      }
    });
    fc.assert(property, { numRuns: 50 });
  });
});

test.skipIf(!hasCorpus)(
  "every third tool of the corpus is first for its name and for its path (skipped when ../shared/corpus is absent)",
  () => {
    const real = readCorpus();
    const search = createCatalogueSearch(() => real, createMeaningRanker({ vectors: wordTable }));
    for (const { name, path } of real.tools.filter((_, at) => at % 3 === 0)) {
      const same = real.lookup(name).length;
      const [need] = search({ query: name, detail: "names" }).needs;
      expect(need!.hits.slice(0, same).map((hit) => hit.name)).toContain(name);
      expect(search({ query: path, detail: "names" }).needs[0]!.hits[0]!.path).toBe(path);
    }
  },
);
