import { expect, test } from "vitest";
import { splitWords } from "../../src/catalogue/split-words.ts";

test.for([
  ["git_log", "git log"],
  ["getHTTPResponse2", "get http response 2 gethttpresponse2"],
  ["API-post-page", "api post page"],
  ["MFCCs of arXiv", "mfccs of ar xiv arxiv"],
  ["base64 Decode.", "base 64 base64 decode"],
  ["必应搜索 news", "必应 应搜 搜索 news"],
  ["图", "图"],
  ["Résumé für ÄÖ", "résumé für äö"],
  ["データを見る", "デー ータ タを を見 見る"],
  ["", ""],
  ["...", ""],
] as const)("%s", ([text, words]) => expect(splitWords(text).join(" ")).toBe(words));
