/** What an approval is for: a tool of this definition, called as the key says (`callKey`). */
export function approvalKey(toolHash: string, key: string): string {
  return `${toolHash}:${key}`;
}
