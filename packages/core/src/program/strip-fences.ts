/** A program's text without the markdown around it. */
export interface UnfencedText {
  readonly text: string;
  /** Lines of the original that come before the text. */
  readonly linesBefore: number;
  /** The fence's language word in lower case; empty without one. */
  readonly language: string;
}

const FENCED = /^\s*(```+|~~~+)[ \t]*([^\s`]*)[^\n]*\n([\s\S]*?)\n?[ \t]*\1[ \t]*\s*$/;

/** Takes off one markdown fence around the whole text. Without one the text stays as it is. */
export function stripFences(text: string): UnfencedText {
  const match = FENCED.exec(text);
  if (!match) return { text, linesBefore: 0, language: "" };
  const body = match[3] ?? "";
  const before = text.slice(0, text.indexOf("\n", text.indexOf(match[1]!)) + 1);
  return { text: body, linesBefore: before.split("\n").length - 1, language: (match[2] ?? "").toLowerCase() };
}
