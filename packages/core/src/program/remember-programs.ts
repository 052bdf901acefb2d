import type { PreparedProgram } from "./prepare-program.ts";

/** Longer programs are prepared each time. In characters. */
const MOST_CHARACTERS = 16_384;

/** Wraps a preparation so that programs that come again are prepared once: the `size` latest are kept. */
export function rememberPrograms(
  prepare: (text: string) => Promise<PreparedProgram>,
  size = 64,
): (text: string) => Promise<PreparedProgram> {
  // A Map iterates in insertion order: the first is the least recently used.
  const known = new Map<string, PreparedProgram>();
  return async (text) => {
    const found = known.get(text);
    const program = found ?? (await prepare(text));
    if (text.length > MOST_CHARACTERS) return program;
    known.delete(text);
    known.set(text, program);
    if (known.size > size) known.delete(known.keys().next().value!);
    return program;
  };
}
