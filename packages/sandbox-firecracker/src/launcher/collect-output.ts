import type { Machine } from "../vmm/vmm.ts";

/** An agent that writes more before it is asked anything waits until the machine has ended, or its copies ask. */
const MOST_BYTES = 64 * 1024;

/** Resolves with all that an agent wrote when its machine has ended. */
export async function collectOutput({ output, ended }: Machine): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const closed = new Promise<void>((resolve) => output.once("close", resolve));
  output.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) output.pause();
  });
  await ended;
  output.resume();
  await closed;
  return Buffer.concat(chunks);
}
