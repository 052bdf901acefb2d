import { test } from "vitest";

/** Defines tests that have a harness each, which is disposed of however they end. */
export function harnessTest<Harness extends { readonly dispose?: () => void | Promise<void> }>(
  create: () => Harness | Promise<Harness>,
): (name: string, body: (harness: Harness) => Promise<void>) => void {
  return (name, body) =>
    test(name, async () => {
      const harness = await create();
      try {
        await body(harness);
      } finally {
        await harness.dispose?.();
      }
    });
}
