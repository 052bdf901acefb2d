/** About as many o200k tokens as a text has: four ASCII characters, or one and a half of others, to a token. */
export function estimateTokens(text: string): number {
  let others = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) others++;
  return (text.length - others) / 4 + others / 1.5;
}
