import { OptimizerError } from "@mcp-optimizer/contracts/errors";

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** The moment that `7d`, `12h`, `30m`, `2w` before now or a date means, in milliseconds since the epoch. Throws `invalid_params`. */
export function parseSince(text: string, now: number): number {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return now - Number(count) * UNITS[unit]!;
  const at = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw new OptimizerError("invalid_params", {
    detail: `--since takes 7d, 12h, 30m, 2w or a date such as 2026-11-21, not ${JSON.stringify(text.slice(0, 100))}`,
  });
}
