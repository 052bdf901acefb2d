import { expect, test } from "vitest";
import { createGloss } from "../src/create-gloss.ts";

const gloss = createGloss(
  ["子\tchild", "电\telectricity", "电子\telectron", "电子邮件\temail mail", "邮\tpost mail", ""].join("\n"),
);

test.each([
  ["the longest word counts", "电子邮件", ["email", "mail"]],
  ["what follows a word begins anew", "电子电", ["electron", "electricity"]],
  ["an unknown character is passed over", "邊电", ["electricity"]],
  ["words do not reach over other text", "电 x 子", ["electricity", "child"]],
  ["each English word is there once", "电子邮件邮邮", ["email", "mail", "post"]],
  ["of a word that ends too early the longest beginning counts", "电子邮", ["electron", "post", "mail"]],
  ["other scripts have none", "mail électron 1", []],
])("%s", (_, text, words) => {
  expect(gloss(text)).toEqual(words);
});
