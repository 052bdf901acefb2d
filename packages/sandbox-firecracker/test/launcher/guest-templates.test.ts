import { expect, test } from "vitest";
import { GuestTemplates, type GuestTemplate } from "../../src/launcher/guest-templates.ts";

function template(removed: string[], name: string): GuestTemplate {
  return {
    machine: { restore: () => Promise.reject(new Error("not here")) },
    written: Buffer.from(name),
    remove: async () => void removed.push(name),
  };
}

test("guests of one kind share a template; one that could not be captured is tried again", async () => {
  const templates = new GuestTemplates();
  let captures = 0;
  const capture = async (): Promise<GuestTemplate> => {
    if (++captures === 1) throw new Error("no luck");
    return template([], "a");
  };
  await expect(templates.use("a", capture, async () => 1)).rejects.toThrow("no luck");
  const used = [1, 2, 3].map((n) => templates.use("a", capture, async () => n));
  expect(await Promise.all(used)).toEqual([1, 2, 3]);
  expect(captures).toBe(2);
});

test("the template that was used longest ago is removed, but not while it is in use", async () => {
  const removed: string[] = [];
  const templates = new GuestTemplates();
  const inUse = Promise.withResolvers<void>();
  const held = templates.use(
    "held",
    async () => template(removed, "held"),
    () => inUse.promise,
  );
  for (const name of ["a", "b", "c", "d", "e"]) {
    await templates.use(
      name,
      async () => template(removed, name),
      async () => undefined,
    );
  }
  expect(removed).toEqual(["a", "b"]);
  inUse.resolve();
  await held;
  await templates.use(
    "f",
    async () => template(removed, "f"),
    async () => undefined,
  );
  expect(removed).toEqual(["a", "b", "held"]);
});
