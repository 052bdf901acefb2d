import { DEFAULT_RUN_LIMITS, type GuestProgram } from "@mcp-optimizer/contracts";
import { encodeStart } from "../encode-start.ts";

const PROGRAM: GuestProgram = {
  language: "javascript",
  source: `async () => {
    const rows = Array.from({ length: 20 }, (_, i) => ({ id: i, name: "row " + i, at: Math.random() }));
    const found = await Promise.all([1, 2, 3].map((n) => warm.up({ n, rows })));
    console.log(found.length, rows[0]);
    try { await warm.down(); } catch (error) { console.error(error.message); }
    return { rows: rows.sort((a, b) => a.at - b.at).map((row) => row.name.toUpperCase()), found };
  }`,
  namespaces: [{ name: "warm", tools: ["up", "down"] }],
};

/** What an agent may run before its program, so that the program finds it warm: source, start and all answers to its calls. */
export function warmUpText(): string {
  const error = { code: "tool_failed", message: "cold", tool: "warm.down" };
  const answers = [...[1, 2, 3].map((id) => [id, 1, { ok: [id] }]), [4, 0, error]];
  return JSON.stringify({
    source: PROGRAM.source,
    start: encodeStart(PROGRAM, DEFAULT_RUN_LIMITS, new Uint8Array(32)),
    answers: JSON.stringify(answers),
  });
}
