import { CodeModeUtcpClient } from "@utcp/code-mode";
import { McpCallTemplateSerializer } from "@utcp/mcp";
import { silenceItsLog } from "../contestants/utcp-code-mode.ts";
import type { Contestant } from "../contestant.ts";
import { EVERYTHING } from "./program.ts";

const PROGRAM = `
  const one = bench.everything_echo({ message: "one" });
  const two = bench["everything_get-sum"] ? bench["everything_get-sum"]({ a: 2, b: 3 }) : bench.everything_get_sum({ a: 2, b: 3 });
  const three = bench.everything_echo({ message: "three" });
  return { one, two, three };`;

/** `@utcp/code-mode` with `@utcp/mcp` in front of the same server. */
export async function openUtcpEngine(): Promise<Contestant> {
  silenceItsLog();
  const client = await CodeModeUtcpClient.create();
  const template = new McpCallTemplateSerializer().validateDict({
    name: "bench",
    call_template_type: "mcp",
    config: { mcpServers: { everything: { transport: "stdio", ...EVERYTHING } } },
  });
  const registered = await client.registerManual(template);
  if (!registered.success) throw new Error(registered.errors.join("; "));
  return {
    inFlight: 8,
    run: async () => {
      const { result, logs } = await client.callToolChain(PROGRAM);
      if (result === null) throw new Error(logs.join("\n"));
      return result;
    },
    close: () => client.close(),
  };
}
