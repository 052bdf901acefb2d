import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("../training/train.py", import.meta.url));

test("training on two topics tells them apart, the same way each time", { timeout: 60_000 }, (context) => {
  const libraries = spawnSync("python3", ["-c", "import numpy, scipy.sparse"], { timeout: 30_000 });
  if (libraries.status !== 0) context.skip("python3 with numpy and scipy is not installed");
  const { status, stdout, stderr } = spawnSync("python3", [PROGRAM, "--self-test"], {
    encoding: "utf8",
    timeout: 50_000,
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  });
  expect(stdout + stderr).toMatch(/^inside \d\.\d+ across -?\d\.\d+$/m);
  expect(status).toBe(0);
});
