import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const project = (root: string, test: { globalSetup?: string } = {}) => ({
  extends: true as const,
  root,
  test: { name: root.split("/").at(-1)!, include: ["test/**/*.test.ts"], ...test },
});

export default defineConfig({
  ssr: {
    resolve: { conditions: ["@mcp-optimizer/source", "module", "node", "development|production"] },
  },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      project("packages/context-sqlite"),
      project("packages/contracts"),
      project("packages/core"),
      project("packages/docker-engine"),
      project("packages/sandbox"),
      project("packages/sandbox-docker", {
        globalSetup: fileURLToPath(
          new URL("packages/sandbox-docker/test/start-shared-dockerd.ts", import.meta.url),
        ),
      }),
      project("packages/sandbox-firecracker"),
      project("packages/sandbox-guest"),
      project("packages/sandbox-process"),
      project("packages/sandbox-wasi"),
      project("packages/server"),
      project("packages/testkit"),
      project("packages/upstreams"),
      project("apps/cli"),
      project("tooling/checks"),
      project("tooling/demo"),
      project("tooling/bench"),
      project("tooling/services"),
      project("tooling/engine"),
      project("tooling/faults"),
      project("tooling/attack"),
    ],
  },
});
