import type { GuestProgram, RunLimits } from "@mcp-optimizer/contracts";

const listTexts = new WeakMap<readonly string[], string>();

/** What `start` of the harness is given. `entropy` is 32 random bytes; it is not sent when the program has a seed. */
export function encodeStart(program: GuestProgram, limits: Readonly<RunLimits>, entropy: Uint8Array): string {
  const header = {
    names: program.namespaces.map(({ name }) => name),
    calls: limits.calls,
    argumentBytes: limits.argumentBytes,
    valueBytes: limits.valueBytes,
    consoleBytes: limits.consoleBytes,
    ...(program.seed === undefined
      ? { entropy: Buffer.from(entropy).toString("hex") }
      : { seed: program.seed }),
  };
  let text = JSON.stringify(header);
  for (const { tools } of program.namespaces) {
    text += `\n${listText(tools)}`;
  }
  return text;
}

/** Lists of a thousand tools are the same from run to run. */
function listText(tools: readonly string[]): string {
  let text = listTexts.get(tools);
  if (text === undefined) {
    text = JSON.stringify(tools);
    listTexts.set(tools, text);
  }
  return text;
}
