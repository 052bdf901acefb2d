import type { AttackReport } from "./attack-report.ts";

/**
 * Runs attacks whose time was over once more, one after the other: on a machine that gets few processors, a second may be over before a guest has
 * begun. What then ends as it has to has held; all that either time reached counts.
 */
export async function confirmEnds(
  first: AttackReport,
  again: (ids: readonly string[]) => Promise<AttackReport>,
): Promise<AttackReport> {
  const late = new Set(first.attacks.filter(({ outOfTime }) => outOfTime).map(({ id }) => id));
  if (late.size === 0) return first;
  const second = await again([...late]);
  const attacks = first.attacks.map((one) => {
    const other = second.attacks.find(({ id, language }) => id === one.id && language === one.language);
    return other !== undefined && (one.outOfTime || other.escaped) ? other : one;
  });
  return {
    ...first,
    attacks,
    escaped: first.escaped + second.escaped,
    unattributed: [...first.unattributed, ...second.unattributed],
  };
}
