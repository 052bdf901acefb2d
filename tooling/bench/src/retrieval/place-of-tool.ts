/** Where a tool's name ends in the text of an answer, as its signature or in its server's line of names; undefined where it is in neither. */
export function placeOfTool(text: string, path: string): number | undefined {
  const signature = text.indexOf(`${path}(`);
  if (signature >= 0) return signature + path.length;
  const dot = path.indexOf(".");
  const line = `${path.slice(0, dot)}: `;
  const names = text.startsWith(line) ? 0 : text.indexOf(`\n${line}`) + 1;
  if (names === 0 && !text.startsWith(line)) return undefined;
  let at = names + line.length;
  for (const name of text.slice(at).split("\n", 1)[0]!.split(", ")) {
    at += name.length;
    if (name === path.slice(dot + 1)) return at;
    at += 2;
  }
  return undefined;
}
