import { expect, test } from "vitest";
import { createGloss } from "../src/create-gloss.ts";

const gloss = createGloss([
  "电\telectricity",
  "电子\telectron",
  "电子邮件\temail mail",
  "子\tchild",
  "邮\tpost mail",
]);

test.each([
  ["the longest word counts", "电子邮件", ["email", "mail"]],
  ["what follows a word begins anew", "电子电", ["electron", "electricity"]],
  ["an unknown character is passed over", "邊电", ["electricity"]],
  ["words do not reach over other text", "电 x 子", ["electricity", "child"]],
  ["each English word is there once", "电子邮件邮邮", ["email", "mail", "post"]],
  ["other scripts have none", "mail électron 1", []],
])("%s", (_, text, words) => {
  expect(gloss(text)).toEqual(words);
});
