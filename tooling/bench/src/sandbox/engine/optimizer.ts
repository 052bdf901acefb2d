import { createOptimizer } from "@mcp-optimizer/core";
import { createWasiSandbox } from "@mcp-optimizer/sandbox-wasi";
import { connectUpstreams, parseServersConfig, resolveServersConfig } from "@mcp-optimizer/upstreams";
import type { Contestant } from "../contestant.ts";
import { EVERYTHING } from "./program.ts";

const PROGRAM = `
  const one = await everything.echo({ message: "one" });
  const two = await everything.getSum({ a: 2, b: 3 });
  const three = await everything.echo({ message: "three" });
  return { one, two, three };`;

/** The whole engine as it is by default: preparation, argument checks, policy, records, token counts, shaping. */
export async function openOptimizerEngine(): Promise<Contestant> {
  const config = JSON.stringify({ mcpServers: { everything: EVERYTHING } });
  const parsed = parseServersConfig(config, { file: "bench" });
  const places = { env: process.env, cwd: process.cwd(), home: process.cwd() };
  const upstreams = connectUpstreams(resolveServersConfig(parsed, places), { log: () => {} });
  await upstreams.settled();
  const optimizer = await createOptimizer({ upstreams: upstreams.providers, sandbox: createWasiSandbox() });
  return {
    inFlight: 8,
    run: async () => {
      const { error, value } = await optimizer.run({ code: PROGRAM });
      if (error) throw new Error(error.message);
      return value;
    },
    close: async () => {
      await optimizer.dispose();
      await upstreams.dispose();
    },
  };
}
