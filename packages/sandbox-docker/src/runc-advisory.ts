/**
 * A warning about versions of runc with published ways out of a container (CVE-2025-31133, CVE-2025-52565, CVE-2025-52881), which
 * 1.2.8, 1.3.3 and 1.4.0 close. A distribution may have closed them under an older number. `undefined` when there is none.
 */
export function runcAdvisory(version: string | undefined): string | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version ?? "");
  if (!match) return undefined;
  const [major, minor, patch] = match.slice(1).map(Number) as [number, number, number];
  const fixed = major > 1 || minor > 3 || (minor === 3 && patch >= 3) || (minor === 2 && patch >= 8);
  if (fixed) return undefined;
  return `runc ${version} is older than the fixes for CVE-2025-31133, CVE-2025-52565 and CVE-2025-52881; use 1.2.8, 1.3.3 or newer, or a distribution's patched build`;
}
