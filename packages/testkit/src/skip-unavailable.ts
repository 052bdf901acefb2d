import { test } from "vitest";

// oxlint-disable vitest/valid-title, vitest/no-conditional-tests, vitest/no-disabled-tests, vitest/expect-expect, vitest/require-top-level-describe -- it stands for a suite.

/**
 * Stands for a suite whose service cannot be had here: a skipped test that says why, or with REQUIRE_ALL_BACKENDS=1 one that fails.
 * Gives false when there is no reason to skip.
 */
export function skipUnavailable(name: string, title: string, unavailable: string | undefined): boolean {
  if (unavailable === undefined) return false;
  const skipped = `${title} (not available: ${unavailable})`;
  if (process.env["REQUIRE_ALL_BACKENDS"] === "1") {
    test(skipped, () => {
      throw new Error(`REQUIRE_ALL_BACKENDS=1, and ${name} is not available: ${unavailable}`);
    });
  } else {
    test.skip(skipped, () => undefined);
  }
  return true;
}
