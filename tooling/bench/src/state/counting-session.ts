const REVISION = "2026-07-28";
const TOOL = "run_code";
const CODE = `const n = (await session.get("n", 0)) + 1; await session.set("n", n); return n;`;

/**
 * Opens a session whose calls each run a program that counts in it, at each of the processes in turn, from the one of that place on. A count that is
 * not one higher than the last throws.
 */
export async function openCountingSession(urls: readonly URL[], place: number): Promise<() => Promise<void>> {
  let calls = place;
  const next = (): URL => urls[calls++ % urls.length]!;
  const first = await callRunCode(next(), {});
  const [, session] = /session: \\*"([\w-]+)/.exec(first) ?? [];
  if (session === undefined || !has(first, 1)) throw new Error(`No session was told: ${first}`);
  let count = 1;
  return async () => {
    const answer = await callRunCode(next(), { session });
    count += 1;
    if (!has(answer, count)) throw new Error(`The count is not ${count}: ${answer}`);
  };
}

const has = (answer: string, count: number): boolean =>
  new RegExp(`value\\\\*":\\s*${count}\\b`).test(answer);

/** Calls the tool as a client of the revision without a handshake does. */
async function callRunCode(url: URL, args: Readonly<Record<string, string>>): Promise<string> {
  const envelope = {
    "io.modelcontextprotocol/protocolVersion": REVISION,
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const params = { name: TOOL, arguments: { code: CODE, ...args }, _meta: envelope };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": REVISION,
      "mcp-method": "tools/call",
      "mcp-name": TOOL,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  return text;
}
