import { expect, test } from "vitest";
import { runcAdvisory } from "../src/runc-advisory.ts";

test.each(["1.0.0-rc95", "1.1.5+ds1", "1.2.7", "1.3.0", "1.3.2"])("%s has known holes", (version) => {
  expect(runcAdvisory(version)).toContain(`runc ${version}`);
});

test.each(["1.2.8", "1.2.10", "1.3.3", "1.4.0", "2.0.0", "v1.3.4", "unknown", undefined])(
  "%s has none",
  (version) => {
    expect(runcAdvisory(version)).toBeUndefined();
  },
);
