import type { ContainerEngine } from "@mcp-optimizer/docker-engine";
import type { GuestAgent } from "@mcp-optimizer/sandbox-guest";
import { createHash, randomUUID } from "node:crypto";
import type { GuestImage } from "./guest-image.ts";
import { imageTar } from "./image-tar.ts";

const REPOSITORY = "mcp-optimizer/agent";

/**
 * Makes sure that the daemon has the image with the agent's files under `/guest`, and returns its name. The files become a layer, so
 * that launching copies nothing and no folder of the host is mounted. `labels` mark the container that is used to make it.
 */
export async function ensureAgentImage(
  engine: ContainerEngine,
  base: GuestImage,
  agent: GuestAgent,
  labels: Readonly<Record<string, string>>,
): Promise<string> {
  const files = Object.entries(agent.files).map(([path, content]) => ({ path: `guest/${path}`, content }));
  const hash = createHash("sha256").update(base.id);
  for (const { path, content } of files) hash.update(`\0${path}\0${content.length}\0`).update(content);
  const tag = hash.digest("hex").slice(0, 16);
  const reference = `${REPOSITORY}:${tag}`;
  if (await engine.findImage(reference)) return reference;
  const draft = await engine.createContainer({
    name: `mcp-optimizer-draft-${randomUUID()}`,
    image: base.reference,
    command: ["never-started"],
    labels,
    env: {},
    workingDirectory: "/tmp",
    user: "65534:65534",
    hostname: "guest",
    memoryBytes: 64 * 1024 * 1024,
    cpus: 1,
    processes: 1,
    ulimits: [],
    tmpfs: {},
    readOnlyRoot: false,
  });
  try {
    await draft.putFiles(imageTar([], files));
    await draft.commit({ repository: REPOSITORY, tag, changes: [] });
  } finally {
    await draft.remove();
  }
  return reference;
}
