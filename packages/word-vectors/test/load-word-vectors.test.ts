import type { WordVectors } from "@mcp-optimizer/contracts";
import { stem } from "porter2";
import { expect, test } from "vitest";
import { loadWordVectors } from "../src/index.ts";

const table = loadWordVectors();

/** The cosine of two words. */
function nearness(one: string, other: string): number {
  const [a, b] = [row(table, one), row(table, other)];
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function row(table: WordVectors, word: string): Int8Array {
  const { rows, dimensions } = table;
  const number = table.find(stem(word));
  expect(number, word).toBeDefined();
  return rows.subarray(number! * dimensions, (number! + 1) * dimensions);
}

function dot(one: Int8Array, other: Int8Array): number {
  return one.reduce((sum, value, at) => sum + value * other[at]!, 0);
}

test("each word has a row and a weight", () => {
  const { dimensions, rows, weights } = table;
  expect(dimensions).toBe(256);
  expect(weights.length).toBeGreaterThan(20_000);
  expect(rows.length).toBe(weights.length * dimensions);
  expect(weights.every((weight) => Number.isFinite(weight) && weight > 0)).toBe(true);
  for (let at = 0; at < rows.length; at += dimensions * 50) {
    expect(rows.subarray(at, at + dimensions).some((value) => Math.abs(value) === 127)).toBe(true);
  }
});

test("stems are found, other words are not", () => {
  expect(table.find("librari")).toBeLessThan(table.weights.length);
  expect(table.find("library")).toBeUndefined();
  expect(table.find("qqqzzzxx")).toBeUndefined();
  expect(table.find("")).toBeUndefined();
});

test.each([
  ["photo", "image", "invoice"],
  ["email", "mail", "graph"],
  ["folder", "directory", "weather"],
  ["delete", "remove", "song"],
  ["weather", "forecast", "commit"],
  ["git", "commit", "recipe"],
  ["stock", "ticker", "video"],
  ["train", "railway", "markdown"],
])("%s is nearer to %s than to %s", (word, related, unrelated) => {
  expect(nearness(word, related)).toBeGreaterThan(nearness(word, unrelated) + 0.1);
});

test.each([
  ["获取新闻", ["get", "news"]],
  ["发送电子邮件", ["email"]],
  ["删除文件", ["delete", "file"]],
  ["PDF 文档", ["document"]],
  ["搜尋檔案", ["search", "file"]],
  ["ファイルを検索", ["file", "search"]],
  ["파일 검색", ["file", "search"]],
])("%s is glossed", (text, words) => {
  expect(table.gloss(text)).toEqual(expect.arrayContaining(words));
});

test("what is not in another script has no gloss", () => {
  expect(table.gloss("")).toEqual([]);
  expect(table.gloss("send an e-mail to Zoë – 日")).not.toContain("send");
  expect(table.gloss("naïve café 123")).toEqual([]);
});

test("the table is read once", () => {
  expect(loadWordVectors()).toBe(table);
});
