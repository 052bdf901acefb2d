import { ERROR_CODES, OptimizerError, type Language } from "@mcp-optimizer/contracts";
import { programError } from "./program-error.ts";
import { stripFences } from "./strip-fences.ts";

const WORDS: Readonly<Record<string, Language>> = {
  javascript: "javascript",
  js: "javascript",
  mjs: "javascript",
  jsx: "javascript",
  typescript: "javascript",
  ts: "javascript",
  mts: "javascript",
  python: "python",
  python3: "python",
  py: "python",
};

/** What a language is called where it is asked for: JavaScript is a part of TypeScript, which programs may be written in. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  javascript: "TypeScript or JavaScript",
  python: "Python",
};

/** The language that a word such as `ts` or `python3` names. Throws `invalid_params` with those that there are. */
export function parseLanguage(word: string): Language {
  const language = languageOf(word);
  if (language !== undefined) return language;
  throw new OptimizerError("invalid_params", {
    detail: `there is no language ${JSON.stringify(word.slice(0, 40))}; there are typescript, javascript and python`,
  });
}

/**
 * The language of a program: the one asked for, else the one that its markdown fence names, else JavaScript.
 * Throws `invalid_params` when one is asked for that the sandbox has not.
 */
export function programLanguage(
  text: string,
  asked: Language | undefined,
  available: readonly Language[],
): Language {
  if (asked === undefined) return fenceLanguage(text) ?? "javascript";
  if (isAvailable(asked, available)) return asked;
  throw new OptimizerError("invalid_params", {
    detail: `this sandbox does not run ${LANGUAGE_NAMES[asked]}; it runs ${LANGUAGE_NAMES.javascript}. Sandboxes with Python: seccomp, docker, gvisor, firecracker`,
  });
}

/** Throws `program_invalid` for a program whose markdown fence names another language, or one that the sandbox has not. */
export function checkFence(text: string, language: Language, available: readonly Language[]): void {
  const fence = fenceLanguage(text);
  if (fence !== undefined && fence !== language) {
    throw programError(`it is marked as ${LANGUAGE_NAMES[fence]}, but asked to run as ${language}`, text);
  }
  if (!isAvailable(language, available)) {
    throw programError(
      `it is marked as ${LANGUAGE_NAMES[language]}; this sandbox runs ${LANGUAGE_NAMES.javascript}`,
      text,
    );
  }
}

const PYTHON_LINE =
  /^[ \t]*(?:from \w[\w.]* import |import \w[\w.]*[ \t\r]*$|(?:async )?def \w|(?:for|while|if|elif|else|try|except|with)\b.*:[ \t\r]*$)/m;

/** Adds to the fault of a program that was taken for TypeScript what to do if it is Python, where it looks so and the sandbox runs it. */
export function hintAtPython(error: unknown, text: string, available: readonly Language[]): unknown {
  if (!OptimizerError.is(error) || error.code !== "program_invalid") return error;
  if (!available.includes("python") || !PYTHON_LINE.test(text)) return error;
  const words = `${ERROR_CODES.program_invalid.message}: `;
  const detail = `${error.message.replace(words, "")}. If it is Python, pass language: "python"`;
  return new OptimizerError("program_invalid", { detail, data: error.data, cause: error });
}

const fenceLanguage = (text: string): Language | undefined => languageOf(stripFences(text).language);

/** Every sandbox runs JavaScript; one that is not available at all says so when a guest is leased. */
const isAvailable = (language: Language, available: readonly Language[]): boolean =>
  language === "javascript" || available.includes(language);

const languageOf = (word: string): Language | undefined => {
  const plain = word.trim().toLowerCase();
  return Object.hasOwn(WORDS, plain) ? WORDS[plain] : undefined;
};
