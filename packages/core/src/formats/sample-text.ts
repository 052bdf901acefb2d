import { SAMPLE_LENGTH } from "./text-format.ts";

/** One sample of shortened lines: equal neighbours once, `…` for what is left out, at most {@link SAMPLE_LENGTH} characters. */
export function sampleText(lines: readonly string[], more: boolean = false): string {
  const kept: string[] = [];
  let cut = more;
  let length = 0;
  for (const line of lines) {
    if (line === kept.at(-1)) {
      cut = true;
      continue;
    }
    const next = cutLine(line, kept.length === 0 ? SAMPLE_LENGTH - 2 : 60);
    if (length + next.length + 1 > SAMPLE_LENGTH - 2) {
      cut = true;
      break;
    }
    kept.push(next);
    length += next.length + 1;
  }
  if (kept.length === 0) return "";
  return cut ? `${kept.join("\n")}\n…` : kept.join("\n");
}

/** Cuts before a placeholder, word or cell that does not fit. */
export function cutLine(line: string, length: number): string {
  if (line.length <= length) return line;
  const cut = line.slice(0, length);
  const whole = /[\w>]/u.test(line[length]!) ? cut.replace(/<?[\p{L}\p{M}\p{N}_ ]*$/u, "") : cut;
  return `${whole.trimEnd()}…`;
}
