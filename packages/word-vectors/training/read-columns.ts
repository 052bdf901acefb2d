import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

/** Reads two columns of a tab-separated file whose first line names its columns. */
export async function* readColumns(
  file: string,
  first: string,
  second: string,
): AsyncGenerator<readonly [string, string]> {
  let places: readonly [number, number] | undefined;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const cells = line.split("\t");
    if (places === undefined) {
      places = [cells.indexOf(first), cells.indexOf(second)];
      if (places.includes(-1))
        throw new Error(`${file} has the columns ${cells.join(", ")}, not ${first} and ${second}`);
    } else yield [cells[places[0]] ?? "", cells[places[1]] ?? ""];
  }
}
