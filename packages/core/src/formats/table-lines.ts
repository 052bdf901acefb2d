/** The lines of a Markdown table. */
export interface TableLines {
  /** Index of the line with the heads. */
  readonly start: number;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Index of the line after the table. */
  readonly end: number;
}

/** The first Markdown table among lines: heads, a rule such as `|---|:-:|`, then rows up to a line without `|`. */
export function tableLines(lines: readonly string[], from: number = 0): TableLines | undefined {
  for (let at = Math.max(from + 1, 1); at < lines.length; at += 1) {
    if (!isRule(lines[at]!)) continue;
    const head = tableCells(lines[at - 1]!);
    if (head.length !== tableCells(lines[at]!).length || !lines[at - 1]!.includes("|")) continue;
    let end = at + 1;
    while (end < lines.length && lines[end]!.includes("|")) end += 1;
    return { start: at - 1, head, rows: lines.slice(at + 1, end).map(tableCells), end };
  }
  return undefined;
}

function isRule(line: string): boolean {
  if (line.length > 20_000 || !line.includes("-") || !/^[\s|:-]+$/u.test(line)) return false;
  return line.includes("|") && tableCells(line).every((cell) => /^:?-+:?$/u.test(cell));
}

/** The cells of a row; `\|` is a bar inside a cell. */
export function tableCells(line: string): string[] {
  const cells: string[] = [];
  let cell = "";
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index]!;
    if (character === "\\" && line[index + 1] === "|") {
      cell += "|";
      index += 1;
    } else if (character === "|") {
      cells.push(cell.trim());
      cell = "";
    } else cell += character;
  }
  cells.push(cell.trim());
  // The bars at both ends of a line are optional.
  if (cells.length > 1 && cells[0] === "") cells.shift();
  if (cells.length > 1 && cells.at(-1) === "") cells.pop();
  return cells;
}
