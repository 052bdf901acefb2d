/** What changes the order in which text is shown: `\u202egnp.exe` reads as `exe.png`. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Takes out control characters, which a server's or program's text could use to move, colour or deceive a terminal. */
export function plainText(untrusted: string, keep: "tabs" | "lines" | "nothing" = "nothing"): string {
  const text = untrusted.replaceAll(BIDI, "\uFFFD");
  // oxlint-disable no-control-regex -- control characters are what is taken out
  if (keep === "lines") return text.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, "\uFFFD");
  if (keep === "tabs") return text.replaceAll(/[\u0000-\u0008\u000A-\u001F\u007F-\u009F]+/g, " ");
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]+/g, " ").trim();
  // oxlint-enable no-control-regex
}
