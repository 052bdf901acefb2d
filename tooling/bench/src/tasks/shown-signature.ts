/** The line of a search answer that shows a tool's signature, or undefined where the tool is named at most. */
export function shownSignature(answers: readonly string[], tool: string): string | undefined {
  const lines = answers.flatMap((answer) => answer.split("\n"));
  return lines.find((line) => line.startsWith(`${tool}(`));
}
