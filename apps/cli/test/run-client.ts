import type { JsonObject } from "@mcp-optimizer/contracts";
import { Client, StreamableHTTPClientTransport, type ClientOptions } from "@modelcontextprotocol/client";

/** A client of the SDK behind a load balancer. */
export interface RunClient extends AsyncDisposable {
  /** The addresses that have answered it, in order. */
  readonly servedBy: readonly string[];
  /** Calls run_code; the text of the answer. */
  run(args: JsonObject): Promise<string>;
  /** Calls run_code, and waits for the run if it goes on by itself. */
  value(args: JsonObject): Promise<string>;
}

/** Connects a client over HTTP. */
export async function connectRunClient(
  url: URL,
  options: ClientOptions,
  prepare: (client: Client) => void = () => {},
): Promise<RunClient> {
  const servedBy: string[] = [];
  const client = new Client({ name: "test", version: "1.0.0" }, options);
  prepare(client);
  const transport = new StreamableHTTPClientTransport(url, {
    async fetch(target, init) {
      const response = await fetch(target, init);
      servedBy.push(response.headers.get("x-served-by") ?? "nobody");
      return response;
    },
  });
  await client.connect(transport);
  const run = async (args: JsonObject): Promise<string> => {
    const result = await client.callTool({ name: "run_code", arguments: args }, { timeout: 60_000 });
    return result.content.map((block) => (block as { text: string }).text).join("\n");
  };
  return {
    servedBy,
    run,
    async value(args) {
      let answer = await run(args);
      for (;;) {
        const [, id] = /^\{"running":"([\w-]+)"/.exec(answer) ?? [];
        if (id === undefined) return answer;
        answer = await run({ run: id });
      }
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
