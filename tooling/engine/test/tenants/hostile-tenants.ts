import fc from "fast-check";

/** A tenant, and what it calls its sessions, runs and keys. */
export interface HostileTenant {
  readonly tenant: string;
  readonly name: string;
}

/** What stores, keys, globs, scripts and encodings take for something else than letters. */
const ODD = [
  "",
  "a",
  "local",
  " ",
  "\0",
  "\n",
  "%3a",
  "{a}",
  "}{",
  "*",
  "[a]",
  "_",
  "'",
  '"',
  "\\",
  "..",
  "__proto__",
  "constructor",
  "run",
  "order",
  "é",
  "\uD800",
  "\uDC00",
  "\uFFFD",
  "😀",
] as const;
/** Of these there are look-alikes. */
const OFTEN = ["a", "a:a", "\uD800", "\uD800", "\uFFFD", "é"] as const;
const SEPARATORS = ["", ":", "}:", ":{", "%", "%3a", "\0", "\n", "/", '","', "|"] as const;

/** Names that are easily taken for a tenant's, as far as it has what they differ in. */
const lookAlikes = (tenant: string): string[] => [
  tenant.normalize("NFD"),
  tenant.replaceAll("a", "\u0430"),
  tenant.replaceAll("\uD800", "\uD801"),
  tenant.replaceAll("\uD800", "\uFFFD"),
  tenant.replaceAll(":", "%3a"),
  tenant.toUpperCase(),
];
/** Names that begin with a tenant's. */
const longer = (tenant: string): string[] => [
  `${tenant}\u200B`,
  `${tenant}\0`,
  `${tenant}*`,
  `${tenant}:`,
  JSON.stringify(tenant),
];

/**
 * Different tenants that somebody might take for each other: one text, cut into tenant and name in all ways, and look-alikes of its tenants, with
 * the same names.
 */
export const hostileTenants: fc.Arbitrary<readonly HostileTenant[]> = fc
  .record({
    parts: fc.array(fc.constantFrom(...ODD, ...OFTEN), { minLength: 2, maxLength: 4 }),
    separator: fc.constantFrom(...SEPARATORS),
    which: fc.nat({ max: 4 }),
  })
  .map(({ parts, separator, which }) => {
    const cut = (at: number): HostileTenant => ({
      tenant: parts.slice(0, at).join(separator),
      name: parts.slice(at).join(separator),
    });
    const all = Array.from({ length: parts.length + 1 }, (_, at) => cut(at));
    const whole = all.at(-1)!;
    const like = [...lookAlikes(whole.tenant), longer(whole.tenant)[which]!];
    const others = like.map((tenant) => ({ tenant, name: all[1]!.name }));
    return [...new Map([...all, ...others].map((one) => [one.tenant, one])).values()];
  });
