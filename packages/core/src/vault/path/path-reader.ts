import { OptimizerError } from "@mcp-optimizer/contracts";

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const INTEGER = /-?(?:0|[1-9]\d*)(?![\d.eE])/y;
const NAME = /[\p{L}_$][\p{L}\p{N}_$-]*/uy;

/** Reads the text of a path from left to right. */
export class PathReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Takes one of the words, if it is next; blanks before it are passed over. */
  take<Word extends string>(...words: readonly Word[]): Word | undefined {
    this.#skip();
    const word = words.find((one) => this.#text.startsWith(one, this.#at));
    this.#at += word?.length ?? 0;
    return word;
  }

  /** As {@link take}; throws where none is next. */
  need<Word extends string>(...words: readonly Word[]): Word {
    return (
      this.take(...words) ?? this.fail(`${words.map((word) => JSON.stringify(word)).join(" or ")} is missing`)
    );
  }

  integer(): number | undefined {
    const text = this.#match(INTEGER);
    if (text === undefined) return undefined;
    return Number.isSafeInteger(Number(text)) ? Number(text) : this.fail("an index is too large");
  }

  number(): number | undefined {
    const text = this.#match(NUMBER);
    return text === undefined ? undefined : Number(text);
  }

  name(): string | undefined {
    return this.#match(NAME);
  }

  /** A text in single or double quotes, with the escapes of JSON. */
  quoted(): string | undefined {
    const quote = this.take('"', "'");
    if (quote === undefined) return undefined;
    let end = this.#at;
    while (end < this.#text.length && this.#text[end] !== quote) end += this.#text[end] === "\\" ? 2 : 1;
    const inside = this.#text.slice(this.#at, end);
    const json =
      quote === '"'
        ? inside
        : inside.replaceAll("\\'", "'").replaceAll(/\\.|"/gs, (it) => (it === '"' ? '\\"' : it));
    this.#at = end;
    this.need(quote);
    try {
      return JSON.parse(`"${json}"`) as string;
    } catch {
      return this.fail("a text in quotes is not valid");
    }
  }

  get atEnd(): boolean {
    this.#skip();
    return this.#at >= this.#text.length;
  }

  /** Throws `invalid_params` that says where. */
  fail(why: string): never {
    throw new OptimizerError("invalid_params", {
      detail:
        `the path cannot be read at character ${this.#at + 1}: ${why}. A path is like $.items[*].name, $..id, $.rows[0:10], ` +
        `$.items[?@.price < 10 && @.tags[0] == 'new']`,
    });
  }

  #match(pattern: RegExp): string | undefined {
    this.#skip();
    pattern.lastIndex = this.#at;
    const [text] = pattern.exec(this.#text) ?? [];
    this.#at += text?.length ?? 0;
    return text;
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }
}
