import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// For the processes and threads that tests start from the sources: each would compile them again.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url));

/** Files that take longest, in this order: they start first, so that no worker waits for another's long file at the end. */
const LONGEST = [
  "qemu-sandbox",
  "launchers",
  "qemu-guests",
  "docker-sandbox",
  "docker-launcher",
  "lifecycle",
  "realms-in-processes",
  "basic-sandbox",
  "seccomp-sandbox",
  "intents",
  "commands",
  "bad-servers",
  "runs",
  "approvals",
  "bad-programs",
  "qemu-attacks",
  "sandboxes",
  "scale-out",
].map((name) => `/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((ending) => moduleId.endsWith(ending));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

const project = (root: string, test: { globalSetup?: string; isolate?: boolean } = {}) => ({
  extends: true as const,
  root,
  test: { name: root.split("/").at(-1)!, include: ["test/**/*.test.ts"], ...test },
});

/** A package whose files leave nothing behind in their process: they share it, so that what they import is loaded once. */
const projectInOneProcess = (root: string) => project(root, { isolate: false });

/** A package with files that need the machine for themselves: they run after all others, one after the other. */
const projectWithQuiet = (root: string, quiet: string[], test: { globalSetup?: string } = {}) => {
  const all = project(root, test);
  return [
    { ...all, test: { ...all.test, exclude: quiet } },
    { ...all, test: { ...all.test, name: `${all.test.name}-quiet`, include: quiet, fileParallelism: false } },
  ];
};

export default defineConfig({
  ssr: {
    resolve: { conditions: ["@mcp-optimizer/source", "module", "node", "development|production"] },
  },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Three on two processors too: many files wait for guests and daemons.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    projects: [
      projectInOneProcess("packages/context-redis"),
      projectInOneProcess("packages/context-sqlite"),
      projectInOneProcess("packages/contracts"),
      projectInOneProcess("packages/core"),
      projectInOneProcess("packages/docker-engine"),
      project("packages/run-queue"),
      project("packages/sandbox"),
      // On a busy machine containerd loses the word that a container ran out of memory, of gVisor's above all.
      ...projectWithQuiet(
        "packages/sandbox-docker",
        ["test/gvisor-*.test.ts", "test/containers.test.ts", "test/attacks.test.ts"],
        {
          globalSetup: fileURLToPath(
            new URL("packages/sandbox-docker/test/start-shared-dockerd.ts", import.meta.url),
          ),
        },
      ),
      project("packages/sandbox-firecracker", {
        globalSetup: fileURLToPath(
          new URL("packages/sandbox-firecracker/test/qemu/make-template-folder.ts", import.meta.url),
        ),
      }),
      projectInOneProcess("packages/sandbox-guest"),
      // Attacks keep both processors busy. What a killed owner left must be seen by the test that killed it alone.
      ...projectWithQuiet("packages/sandbox-process", [
        "test/*-attacks.test.ts",
        "test/killed-owner.test.ts",
      ]),
      project("packages/sandbox-wasi"),
      projectInOneProcess("packages/server"),
      projectInOneProcess("packages/state"),
      project("packages/testkit"),
      project("packages/upstreams"),
      projectInOneProcess("packages/word-vectors"),
      project("apps/cli"),
      projectInOneProcess("tooling/checks"),
      project("tooling/demo"),
      projectInOneProcess("tooling/bench"),
      project("tooling/services"),
      project("tooling/deploy"),
      project("tooling/engine"),
      project("tooling/faults"),
      project("tooling/attack"),
    ],
  },
});
