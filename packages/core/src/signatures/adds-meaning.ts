import { stem } from "porter2";
import { splitWords } from "../catalogue/split-words.ts";
import { STOP_WORDS } from "../search/stop-words.ts";

/** Words that describe any parameter. */
const PLAIN_WORDS = new Set(
  "string number integer boolean array list object value values name names optional required default parameter field specify specified set given provide provided return returned result e g eg".split(
    " ",
  ),
);

/** Whether a description says at least two things that the name does not give. */
export function addsMeaning(name: string, description: string): boolean {
  if (description === "") return false;
  const known = new Set(splitWords(name).map(stem));
  const news = new Set<string>();
  for (const word of splitWords(description)) {
    if (!STOP_WORDS.has(word) && !PLAIN_WORDS.has(word) && !known.has(stem(word))) news.add(stem(word));
  }
  return news.size >= 2;
}
