import { expect, test } from "vitest";
import type { AttackReport, AttackResult } from "../../src/attacks/run/attack-report.ts";
import { confirmEnds } from "../../src/attacks/run/confirm-ends.ts";

const result = (id: string, more: Partial<AttackResult> = {}): AttackResult => ({
  id,
  group: "bridge",
  language: "javascript",
  held: true,
  escaped: false,
  outOfTime: false,
  note: "",
  ms: 1,
  ...more,
});
const late = (id: string): AttackResult => result(id, { held: false, outOfTime: true });
const report = (...attacks: AttackResult[]): AttackReport => ({
  backend: "x",
  attacks,
  escaped: attacks.filter(({ escaped }) => escaped).length,
  unattributed: [],
  loop: { lateMs: 0, wholeMs: 0, during: [] },
});

test("only what ran out of time is run again, and counts as it ended then", async () => {
  const wrong = result("c", { held: false });
  const asked: unknown[] = [];
  const confirmed = await confirmEnds(report(result("a"), late("b"), wrong), async (...again) => {
    asked.push(again);
    return report(result("b"));
  });
  expect(asked).toEqual([[["b"], "javascript"]]);
  expect(confirmed.attacks).toEqual([result("a"), result("b"), wrong]);
});

test("what is late again, or escapes then, is said", async () => {
  const again = await confirmEnds(report(late("b")), async () => report(late("b")));
  expect(again.attacks).toEqual([late("b")]);
  const out = result("b", { held: false, escaped: true });
  const escaped = await confirmEnds(report(late("b")), async () => report(out));
  expect(escaped).toMatchObject({ escaped: 1, attacks: [out] });
});

test("it runs again in the language in which it was late, and no other is asked for", async () => {
  const python = (id: string): AttackResult => result(id, { language: "python" });
  const first = [late("a"), python("a"), { ...late("b"), language: "python" as const }];
  const asked: unknown[] = [];
  const confirmed = await confirmEnds(report(...first), async (ids, language) => {
    asked.push([ids, language]);
    return report(...ids.map((id) => result(id, { language, note: "again" })));
  });
  expect(asked).toEqual([
    [["a"], "javascript"],
    [["b"], "python"],
  ]);
  expect(confirmed.attacks).toEqual([
    result("a", { note: "again" }),
    python("a"),
    result("b", { language: "python", note: "again" }),
  ]);
});

test("what was late and left something on the host has escaped, whatever it does again", async () => {
  const escaped = report({ ...late("a"), escaped: true });
  expect(await confirmEnds(escaped, async () => report(result("a")))).toEqual(escaped);
});
