import type { Language } from "@mcp-optimizer/contracts";
import type { AttackReport } from "./attack-report.ts";

/**
 * Runs attacks whose time was over once more, in the language in which it was, one after the other: on a machine that gets few processors, a second
 * may be over before a guest has begun. What then ends as it has to has held; all that either time reached counts.
 */
export async function confirmEnds(
  first: AttackReport,
  again: (ids: readonly string[], language: Language) => Promise<AttackReport>,
): Promise<AttackReport> {
  const late = first.attacks.filter(({ outOfTime, escaped }) => outOfTime && !escaped);
  const reports = [first];
  for (const [language, attacks] of Map.groupBy(late, (each) => each.language)) {
    const ids = attacks.map(({ id }) => id);
    reports.push(await again(ids, language));
  }
  const confirmed = new Map(
    reports.slice(1).flatMap(({ attacks }) => attacks.map((one) => [`${one.id} ${one.language}`, one])),
  );
  return {
    ...first,
    attacks: first.attacks.map((one) =>
      late.includes(one) ? (confirmed.get(`${one.id} ${one.language}`) ?? one) : one,
    ),
    escaped: reports.reduce((sum, { escaped }) => sum + escaped, 0),
    unattributed: reports.flatMap(({ unattributed }) => unattributed),
  };
}
