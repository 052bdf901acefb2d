import { stripVTControlCharacters } from "node:util";

/** Makes text of a server fit to show: without control characters and secrets, and not too long. */
export type Redactor = (text: string, maxLength?: number) => string;

const SHORTEST = 6;
const PATH = /^(\/[\w.@ -]+)+\/?$/;

/**
 * A redactor for these secrets. Shorter ones than 6 characters stay: they are words such as `true`. So do file paths.
 * The default length is 1,000 characters.
 */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const hidden = [...new Set(secrets)]
    .filter((secret) => secret.length >= SHORTEST && !PATH.test(secret))
    .sort((a, b) => b.length - a.length);
  return (text, maxLength = 1_000) => {
    // Cut generously before the costly steps, so that a secret at the cut is still found whole.
    const bounded = text.slice(0, maxLength * 4 + 4_096);
    const shown = hidden.reduce((rest, secret) => rest.replaceAll(secret, "***"), bounded);
    const clean = stripVTControlCharacters(shown)
      .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]+/gu, (controls) => (/[\n\t]/.test(controls) ? " " : ""))
      .replace(/\s+/g, " ")
      .trim();
    return clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean;
  };
}
