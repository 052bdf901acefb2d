const LEGAL = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const LONGEST = 100;

/** Whether a text is an identifier of JavaScript, reserved words included. */
export function isIdentifier(text: string): boolean {
  return LEGAL.test(text);
}

/** How names become identifiers. */
export interface IdentifierRules {
  /** Identifiers that are taken already. */
  readonly reserved: ReadonlySet<string>;
  /** What a name becomes that is reserved, or has no character to use. */
  readonly suffix: string;
}

/**
 * Gives each name a legal identifier of its own. A legal name stays as it is; another is camel-cased (`get-sum` to `getSum`),
 * and numbered when that is taken. The same set of names gives the same identifiers, whatever their order.
 */
export function assignIdentifiers(names: readonly string[], rules: IdentifierRules): Map<string, string> {
  const assigned = new Map<string, string>();
  const taken = new Set<string>();
  const take = (name: string, wanted: string): void => {
    let identifier = rules.reserved.has(wanted) ? `${wanted}${rules.suffix}` : wanted;
    for (let number = 2; taken.has(identifier) || rules.reserved.has(identifier); number++) {
      identifier = `${wanted}${number}`;
    }
    taken.add(identifier);
    assigned.set(name, identifier);
  };
  const unique = [...new Set(names)].sort(byCodeUnit);
  const kept = unique.filter((name) => staysAsItIs(name, rules.reserved));
  for (const name of kept) take(name, name);
  for (const name of unique) if (!assigned.has(name)) take(name, camelCase(name) || rules.suffix);
  return assigned;
}

function staysAsItIs(name: string, reserved: ReadonlySet<string>): boolean {
  return isIdentifier(name) && name.length <= LONGEST && !reserved.has(name);
}

function camelCase(name: string): string {
  const parts = name.normalize("NFC").match(/[\p{ID_Continue}$]+/gu) ?? [];
  const [first = "", ...rest] = parts;
  const joined = first + rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
  const cut = Array.from(joined).slice(0, LONGEST).join("");
  return cut === "" || isIdentifier(cut) ? cut : `_${cut}`;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
