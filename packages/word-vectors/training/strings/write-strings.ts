import { writeFileSync } from "node:fs";

/** Pairs of texts that say the same, English first. Texts that are equal, empty or missing make no pair; markup and placeholders are taken out. */
export function pairTexts(english: unknown, other: unknown): (readonly [string, string])[] {
  if (typeof english === "string" && typeof other === "string") {
    const [one, two] = [plain(english), plain(other)];
    return one === "" || two === "" || one === two ? [] : [[one, two]];
  }
  if (typeof english !== "object" || typeof other !== "object" || english === null || other === null)
    return [];
  return Object.keys(english).flatMap((key) =>
    pairTexts((english as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
  );
}

/** Writes pairs with the columns `english` and `other`. */
export function writePairs(file: string, pairs: readonly (readonly [string, string])[]): void {
  const lines = new Set(pairs.map(([one, two]) => `${one}\t${two}\n`));
  writeFileSync(file, `english\tother\n${[...lines].join("")}`);
}

function plain(text: string): string {
  return text
    .replaceAll(/<[^>]*>|\{\{?[^}]*\}?\}|\$\d|%\w|&nbsp;|\s+/g, " ")
    .replaceAll("&&", "")
    .trim();
}
