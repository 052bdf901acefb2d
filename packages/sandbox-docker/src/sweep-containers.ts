import type { ContainerEngine } from "@mcp-optimizer/docker-engine";
import { OWNER_LABEL, SANDBOX_LABEL } from "./guest-labels.ts";
import { isOwnerGone } from "@mcp-optimizer/sandbox-guest";

/** Removes this launcher's containers whose owner has ended, or cannot be judged and is older than `maxAgeMs`. */
export async function sweepContainers(
  engine: ContainerEngine,
  launcher: string,
  maxAgeMs: number,
  now: number,
): Promise<void> {
  const found = await engine.listContainers({ [SANDBOX_LABEL]: launcher });
  const left = found.filter(({ labels, createdAt }) =>
    isOwnerGone(labels[OWNER_LABEL] ?? "", now - createdAt, maxAgeMs),
  );
  await Promise.all(left.map(({ id }) => engine.container(id).remove()));
}
