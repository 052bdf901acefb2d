import { createDockerEngine } from "@mcp-optimizer/docker-engine";
import { startDockerd } from "@mcp-optimizer/services";
import type { TestProject } from "vitest/node";
import { ensureLocalGuestImage } from "../src/index.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly dockerd: { readonly socketPath: string } | { readonly missing: string };
  }
}

/** One daemon with the image of guests, for all files of this package that do not end it, in whatever project they are. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if ("dockerd" in project.getProvidedContext()) return undefined;
  try {
    const dockerd = await startDockerd();
    const engine = createDockerEngine({ socketPath: dockerd.socketPath });
    await ensureLocalGuestImage(engine);
    await engine.dispose();
    project.vitest.provide("dockerd", { socketPath: dockerd.socketPath });
    return () => dockerd.stop();
  } catch (error) {
    project.vitest.provide("dockerd", { missing: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
