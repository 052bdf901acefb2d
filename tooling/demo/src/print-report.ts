import type { DemoReport } from "./run-task.ts";

/** Prints a demo's report so that it fits one screen. */
export function printReport(report: DemoReport, write: (text: string) => void): void {
  const { servers, classicTokens, manifestTokens, searchTokens, programTokens, answerTokens } = report;
  const ours = manifestTokens + searchTokens + programTokens + answerTokens;
  const line = (label: string, tokens: number, note = ""): void =>
    write(`  ${label.padEnd(34)}${String(tokens).padStart(6)}  ${note}`.trimEnd() + "\n");

  write("\nMCP Optimizer: three real MCP servers behind one, over stdio.\n");
  write("Task: store every file over 10 kB of a folder tree as an entity in the memory server.\n\n");
  write(
    `${report.program
      .split("\n")
      .map((text) => `  | ${text}`)
      .join("\n")}\n\n`,
  );
  write(`Answer: ${report.answer}\n\n`);
  write("Tokens (o200k_base), all counted in this run\n");
  line(
    "classic tool list",
    classicTokens,
    servers.map(({ name, tools }) => `${name} ${tools} tools`).join(", "),
  );
  line("optimizer: tool list", manifestTokens, "search_tools, run_code and call_tool");
  line("optimizer: search and its answer", searchTokens);
  line("optimizer: program", programTokens);
  line("optimizer: its answer", answerTokens);
  line("optimizer: all of it", ours);
  write(
    `\n${report.calls} tool calls in one program; search and program took ${Math.round(report.milliseconds)} ms.\n`,
  );
  write(
    "With tools called one by one, the model would also have read every result and sent every call itself.\n",
  );
}
