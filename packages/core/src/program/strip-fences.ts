/** A program's text without the markdown around it. */
export interface UnfencedText {
  readonly text: string;
  /** Lines of the original that come before the text. */
  readonly linesBefore: number;
  /** The fence's language word in lower case; empty without one. */
  readonly language: string;
}

const OPENING = /^\s*(`{3,}|~{3,})[ \t]*([^\s`]*)[^\n]*\n/;

/** Takes off one markdown fence around the whole text. Without one the text stays as it is. */
export function stripFences(text: string): UnfencedText {
  const opening = OPENING.exec(text);
  const plain = { text, linesBefore: 0, language: "" };
  if (!opening) return plain;
  const [before, fence = "", language = ""] = opening;
  const rest = text.slice(before.length).trimEnd();
  const lastLine = rest.lastIndexOf("\n") + 1;
  if (rest.slice(lastLine).trim() !== fence) return plain;
  return {
    text: rest.slice(0, Math.max(0, lastLine - 1)),
    linesBefore: before.split("\n").length - 1,
    language: language.toLowerCase(),
  };
}
