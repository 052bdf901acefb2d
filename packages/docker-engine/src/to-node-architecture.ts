const NAMES: Readonly<Record<string, string>> = { amd64: "x64", "386": "ia32" };

/** Node's name of an architecture that the daemon names as Go does; others are left as they are. */
export function toNodeArchitecture(name: string): string {
  return NAMES[name] ?? name;
}
