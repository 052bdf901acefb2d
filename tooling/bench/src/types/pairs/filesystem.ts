import type { CallPair, PairPlaces } from "../call-pair.ts";

export function filesystemPairs({ files }: PairPlaces): CallPair[] {
  const at = (path: string): string => `${files}/${path}`;
  return [
    { tool: "list_allowed_directories", first: {}, second: {} },
    { tool: "create_directory", first: { path: at("made") }, second: { path: at("made/deeper") } },
    {
      tool: "write_file",
      first: { path: at("made/a.txt"), content: "one\ntwo\n" },
      second: { path: at("made/b.txt"), content: "" },
    },
    {
      tool: "edit_file",
      first: { path: at("made/a.txt"), edits: [{ oldText: "one", newText: "1" }] },
      second: { path: at("made/a.txt"), edits: [{ oldText: "two", newText: "2" }], dryRun: true },
    },
    { tool: "read_file", first: { path: at("made/a.txt") }, second: { path: at("logs/day-1.log"), head: 3 } },
    {
      tool: "read_text_file",
      first: { path: at("logs/day-1.log"), tail: 5 },
      second: { path: at("made/b.txt") },
    },
    {
      tool: "read_media_file",
      first: { path: at("pixel.png") },
      second: { path: at("logs/day-1.log") },
    },
    {
      tool: "read_multiple_files",
      first: { paths: [at("made/a.txt"), at("made/b.txt")] },
      second: { paths: [at("made/a.txt"), at("made/missing.txt")] },
    },
    { tool: "list_directory", first: { path: at("tree") }, second: { path: at("made") } },
    {
      tool: "list_directory_with_sizes",
      first: { path: at("tree") },
      second: { path: at("made"), sortBy: "size" },
    },
    { tool: "directory_tree", first: { path: at("tree") }, second: { path: at("made") } },
    {
      tool: "search_files",
      first: { path: at("tree"), pattern: "**/*.map" },
      second: { path: at("tree"), pattern: "**/*.none" },
    },
    { tool: "get_file_info", first: { path: at("made/a.txt") }, second: { path: at("tree") } },
    {
      tool: "move_file",
      first: { source: at("made/a.txt"), destination: at("made/c.txt") },
      second: { source: at("made/b.txt"), destination: at("made/deeper/b.txt") },
    },
  ];
}
