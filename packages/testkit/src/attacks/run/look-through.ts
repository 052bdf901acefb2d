import { setImmediate } from "node:timers/promises";

const PER_TURN = 2_000;
const MOST = 400_000;

/** Why data that came out of a guest is not what it should be, or `undefined`: it holds the secret, or an object that is not plain data. */
export async function lookThrough(data: unknown, secret: string): Promise<string | undefined> {
  const open: unknown[] = [data];
  for (let seen = 0; open.length > 0 && seen < MOST; seen++) {
    const one = open.pop();
    if (typeof one === "string" && one.includes(secret)) return "it got at a secret of the host";
    if (typeof one === "function" || typeof one === "symbol") return `a ${typeof one} came out of the guest`;
    if (typeof one === "object" && one !== null) {
      const prototype: unknown = Object.getPrototypeOf(one);
      if (prototype !== null && prototype !== Object.prototype && prototype !== Array.prototype) {
        return "an object with a foreign prototype came out of the guest";
      }
      for (const key of Object.keys(one)) {
        if (key.includes(secret)) return "it got at a secret of the host";
        const property = Object.getOwnPropertyDescriptor(one, key)!;
        if (property.get !== undefined) return "a getter came out of the guest";
        open.push(property.value);
      }
    }
    if (seen % PER_TURN === PER_TURN - 1) await setImmediate();
  }
  return undefined;
}

/** What a program says it has reached, for what no host can see. Text only. */
export function claimOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const claim = (value as Readonly<Record<string, unknown>>)["reached"];
  return claim === undefined || claim === null || claim === false
    ? undefined
    : `it reached ${JSON.stringify(claim).slice(0, 200)}`;
}
