const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text of others for a person to read: cut to so many characters, and with what cannot be seen, or turns other text around, written as an escape. */
export function shownText(text: string, most: number): string {
  const kept = text.length > most ? `${text.slice(0, most)}… (${text.length - most} more characters)` : text;
  return kept.replaceAll(UNSEEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
