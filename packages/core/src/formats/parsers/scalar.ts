const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.(\d+))?$/u;
/** Digits that a number keeps exactly. */
const SAFE_DIGITS = 15;

/** The value of a cell in a column of its kind. */
export type Scalar = string | number | boolean | null;

/** A text as a number or boolean where it can mean nothing else: written as JavaScript writes that number. Otherwise the text. */
export function scalar(text: string): Scalar {
  if (text === "true") return true;
  if (text === "false") return false;
  return isNumber(text) && String(Number(text)) === text ? Number(text) : text;
}

/**
 * How to read the cells of a column: as numbers if all that are not empty are numbers, as booleans if all are `true` or `false`, else as
 * texts. Leading zeros, more digits than a number can hold, and versions (`1.9`, `1.10`) make a column text. Where a column
 * has numbers or booleans, an empty cell is null.
 */
export function columnReader(cells: Iterable<string>): (cell: string) => Scalar {
  let numbers = true;
  let booleans = true;
  let zeros = false;
  let filled = 0;
  const decimals = new Set<number>();
  for (const cell of cells) {
    if (cell === "") continue;
    filled += 1;
    if (numbers) {
      const found = isNumber(cell) ? NUMBER.exec(cell) : null;
      if (!found) numbers = false;
      else {
        decimals.add(found[1]?.length ?? 0);
        zeros ||= found[1]?.endsWith("0") === true;
      }
    }
    booleans &&= /^(?:true|false)$/iu.test(cell);
    if (!numbers && !booleans) return (cell) => cell;
  }
  if (filled === 0) return (cell) => cell;
  if (booleans) return (cell) => (cell === "" ? null : cell.toLowerCase() === "true");
  // `29.90` beside `29.95` is an amount; `1.10` alone, or beside `1.9`, may be a version.
  if (zeros && (filled < 2 || decimals.size > 1)) return (cell) => cell;
  return (cell) => (cell === "" ? null : Number(cell));
}

function isNumber(text: string): boolean {
  return (
    text.length <= SAFE_DIGITS + 2 &&
    NUMBER.test(text) &&
    text !== "-0" &&
    text.replace(/\D/gu, "").length <= SAFE_DIGITS
  );
}
