import { isOwnerGone } from "@mcp-optimizer/sandbox-guest";
import { expect, test } from "vitest";
import { labelOwner, newGuestLabel } from "../src/guest/guest-label.ts";

test("a label tells its owner, is used once, and fits a file name", () => {
  const labels = Array.from({ length: 100 }, () => newGuestLabel("seccomp"));
  expect(new Set(labels).size).toBe(100);
  for (const label of labels) {
    expect(label).toMatch(/^[\w%.-]{1,250}$/);
    expect(isOwnerGone(labelOwner("seccomp", label)!, 0, 0)).toBe(false);
  }
});

test("a label of another kind, or of another form, has no owner", () => {
  const label = newGuestLabel("seccomp");
  for (const other of [
    label.replace("seccomp", "basic"),
    `${label}.x`,
    "mcp-optimizer-seccomp.%E0%A4%A.1",
    "x",
    "",
  ]) {
    expect(labelOwner("seccomp", other)).toBeUndefined();
  }
});
