const REVISION = "2026-07-28";
const TOOL = "run_code";
const COUNT = `const n = (await session.get("n", 0)) + 1; await session.set("n", n); return n;`;

/** What a session does. */
export interface CountingSessionOptions {
  /** Where its first call goes; the next go to each process in turn. */
  readonly place: number;
  /** What the program does before it counts. Default: nothing. */
  readonly before?: string;
}

/** Opens a session whose calls each run a program that counts in it, at each of the processes in turn. A count that is not one higher than the last throws. */
export async function openCountingSession(
  urls: readonly URL[],
  { place, before = "" }: CountingSessionOptions,
): Promise<() => Promise<void>> {
  const code = before + COUNT;
  let calls = place;
  const next = (): URL => urls[calls++ % urls.length]!;
  const first = await callRunCode(next(), { code });
  const [, session] = /session: \\*"([\w-]+)/.exec(first) ?? [];
  if (session === undefined || !has(first, 1)) throw new Error(`No session was told: ${first}`);
  let count = 1;
  return async () => {
    const answer = await callRunCode(next(), { code, session });
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
  const params = { name: TOOL, arguments: args, _meta: envelope };
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
