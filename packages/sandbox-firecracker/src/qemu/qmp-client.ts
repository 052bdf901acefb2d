import type { Duplex } from "node:stream";
import { OptimizerError } from "@mcp-optimizer/contracts";
import { z } from "zod";
import { readLines } from "../host/read-lines.ts";

const REPLY = z.union([
  z.object({ return: z.unknown() }),
  z.object({ error: z.object({ class: z.string(), desc: z.string() }) }),
]);

type Reply = z.infer<typeof REPLY>;

/** A client of QEMU's machine protocol (QMP): commands one after the other; events are passed over. */
export interface QmpClient {
  /** Resolves with the command's result. Rejects with `sandbox_unavailable` when QEMU refuses, or has ended. */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** Speaks QMP on a stream and leaves the negotiation mode. */
export async function connectQmp(stream: Duplex): Promise<QmpClient> {
  const waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = [];
  readLines(stream, (line) => {
    const reply = REPLY.safeParse(parse(line));
    if (reply.success) waiting.shift()?.resolve(reply.data);
  });
  stream.once("close", () => {
    for (const { reject } of waiting.splice(0)) reject(refused("QEMU has ended"));
  });
  const client: QmpClient = {
    async execute(command, args = {}) {
      if (stream.destroyed) throw refused("QEMU has ended");
      const reply = await new Promise<Reply>((resolve, reject) => {
        waiting.push({ resolve, reject });
        stream.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
      });
      if ("error" in reply) throw refused(`QEMU refused ${command}: ${reply.error.desc}`);
      return reply.return;
    },
  };
  await client.execute("qmp_capabilities");
  return client;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function refused(text: string): OptimizerError {
  return new OptimizerError("sandbox_unavailable", { detail: text });
}
