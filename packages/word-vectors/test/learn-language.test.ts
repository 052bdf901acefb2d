import { expect, test } from "vitest";
import { learnLanguage } from "../training/glosses/learn-language.ts";
import { createEnglishForms, textPair } from "../training/glosses/text-pair.ts";

const VERBS = { delete: "删除", open: "打开", copy: "复制", search: "搜索", move: "移动" };
const ADJECTIVES = { shared: "共享", hidden: "隐藏", empty: "空白" };
const NOUNS = { files: "文件", table: "表格", image: "图像", mail: "邮箱", server: "服务器" };

test("words are learned from texts that say the same", () => {
  const forms = createEnglishForms();
  const pairs = Object.entries(VERBS).flatMap(([verb, one]) =>
    Object.entries(ADJECTIVES).flatMap(([adjective, two]) =>
      Object.entries(NOUNS).map(([noun, three]) =>
        textPair(forms, `${verb} the ${adjective} ${noun}`, `${one} ${two} 的 ${three}`)!,
      ),
    ),
  );
  const glosses = learnLanguage(pairs);
  for (const [english, other] of Object.entries({ ...VERBS, ...ADJECTIVES, ...NOUNS })) {
    expect(glosses.get(other)?.map((stem) => forms.form(stem))).toEqual([english]);
  }
  expect(glosses.has("的")).toBe(false);
});
