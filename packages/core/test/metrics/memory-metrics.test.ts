import { expect, test } from "vitest";
import { createMemoryMetrics } from "../../src/metrics/memory-metrics.ts";

test("counts each name with each set of labels, whatever their order", () => {
  const metrics = createMemoryMetrics();
  metrics.count("calls_total", { a: "1", b: "2" });
  metrics.count("calls_total", { b: "2", a: "1" }, 3);
  metrics.count("calls_total");
  expect(metrics.value("calls_total", { a: "1", b: "2" })).toBe(4);
  expect(metrics.value("calls_total")).toBe(1);
  expect(metrics.value("calls_total", { a: "1" })).toBe(0);
  expect(metrics.counters).toEqual([
    { name: "calls_total", labels: { a: "1", b: "2" }, value: 4 },
    { name: "calls_total", labels: {}, value: 1 },
  ]);
});
