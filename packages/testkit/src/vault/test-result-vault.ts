import { OptimizerError, type ResultVault, type VaultEntry } from "@mcp-optimizer/contracts";
import { describe, expect } from "vitest";
import { harnessTest } from "../state/harness-test.ts";

/** A vault under test with the settings it was made with. */
export interface ResultVaultHarness {
  readonly vault: ResultVault;
  /** Lets a part of the lifetime of an entry pass; 1 is all of it. */
  readonly pass: (part: number) => void | Promise<void>;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface ResultVaultSuite {
  readonly name: string;
  /** Makes an empty vault that holds at most `maxSize` characters; an entry may count at most 1,000 more than it has. */
  readonly create: (options: {
    readonly maxSize: number;
  }) => ResultVaultHarness | Promise<ResultVaultHarness>;
}

const SIZE = 100_000;
const json = (text: string, ...sources: string[]): VaultEntry => ({ kind: "json", text, sources });
const long = (letter: string, part: number): VaultEntry => ({
  kind: "text",
  text: letter.repeat(SIZE * part),
});

/** Holds a vault to the ResultVault port. Call it at the top of a vitest file. */
export function testResultVault(suite: ResultVaultSuite): void {
  const vaultTest = harnessTest(() => suite.create({ maxSize: SIZE }));

  describe(`${suite.name} is a result vault`, () => {
    vaultTest("gives back exactly what was put", async ({ vault }) => {
      const entries: VaultEntry[] = [
        json(String.raw`{"list":[1,null,-0,1e400,"\ud800"],"__proto__":{"a":1},"":""}`, "a", "b"),
        json("null"),
        { kind: "text", text: "ü😀\0\r\n\u2028\uFFFF" },
        { kind: "text", text: "" },
        { kind: "blob", mimeType: "image/png", base64: "iVBORw0KGgo=", sources: ["c"] },
      ];
      const handles = await Promise.all(entries.map((entry) => vault.put("a", entry)));
      expect(new Set(handles).size).toBe(entries.length);
      for (const [index, handle] of handles.entries())
        expect(await vault.get("a", handle)).toMatchObject(entries[index]!);
    });

    vaultTest("opens nothing for another tenant, nor for a handle it did not give", async ({ vault }) => {
      const handle = await vault.put("a", json('"secret"'), { digest: "d" });
      expect(await vault.get("b", handle)).toBeUndefined();
      expect(await vault.get("a", `${handle}x`)).toBeUndefined();
      expect(await vault.get("a", "__proto__")).toBeUndefined();
      expect(await vault.get("", handle)).toBeUndefined();
      expect(await vault.get("a", handle)).toMatchObject(json('"secret"'));
      expect(await vault.put("b", json('"secret"'), { digest: "d" })).not.toBe(handle);
      expect(handle).toMatch(/^h_[\w-]+$/);
    });

    vaultTest("stores equal content once, with the sources of both", async ({ vault }) => {
      const handle = await vault.put("a", json("1", "x"), { digest: "one" });
      expect(await vault.put("a", json("2", "x"), { digest: "two" })).not.toBe(handle);
      expect(await vault.put("a", json("1", "y"), { digest: "one" })).toBe(handle);
      expect((await vault.get("a", handle))?.sources).toEqual(["x", "y"]);
      expect(await vault.put("a", json("1"))).not.toBe(handle);
    });

    vaultTest("forgets what nobody put or got for its lifetime", async ({ vault, pass }) => {
      const put = await vault.put("a", json("1"), { digest: "one" });
      const got = await vault.put("a", json("2"));
      const left = await vault.put("a", json("3"), { digest: "three" });
      await pass(0.6);
      expect(await vault.put("a", json("1"), { digest: "one" })).toBe(put);
      await vault.get("a", got);
      await pass(0.6);
      expect(await vault.get("a", put)).toMatchObject(json("1"));
      expect(await vault.get("a", got)).toMatchObject(json("2"));
      expect(await vault.get("a", left)).toBeUndefined();
      expect(await vault.put("a", json("3"), { digest: "three" })).not.toBe(left);
      await pass(1);
      expect(await vault.get("a", put)).toBeUndefined();
    });

    vaultTest("drops the least recently used first when it is full", async ({ vault }) => {
      const first = await vault.put("a", long("x", 0.4));
      const second = await vault.put("a", long("y", 0.4));
      await vault.get("a", first);
      const third = await vault.put("a", long("z", 0.4));
      expect(await vault.get("a", second)).toBeUndefined();
      expect(await vault.get("a", first)).toMatchObject(long("x", 0.4));
      expect(await vault.get("a", third)).toMatchObject(long("z", 0.4));
    });

    vaultTest("takes room from the tenant that has most", async ({ vault }) => {
      const little = await vault.put("small", long("s", 0.2));
      const kept = [];
      for (const letter of "abcdefghij") kept.push(await vault.put("large", long(letter, 0.3)));
      expect(await vault.get("small", little)).toMatchObject(long("s", 0.2));
      const another = await vault.put("new", long("n", 0.4));
      expect(await vault.get("small", little)).toBeDefined();
      expect(await vault.get("new", another)).toBeDefined();
      expect(await vault.get("large", kept.at(-1)!)).toBeDefined();
    });

    vaultTest("takes nothing from who has less, however long ago it was used", async ({ vault }) => {
      const little = await vault.put("small", long("s", 0.2));
      const first = await vault.put("large", long("a", 0.3));
      const second = await vault.put("large", long("b", 0.3));
      await vault.put("new", long("n", 0.4));
      expect(await vault.get("small", little)).toBeDefined();
      expect(await vault.get("large", first)).toBeUndefined();
      expect(await vault.get("large", second)).toBeDefined();
    });

    vaultTest("refuses what alone is too large, and keeps the rest", async ({ vault }) => {
      const handle = await vault.put("a", json("1"));
      const error = await vault.put("a", long("x", 2)).catch((caught: unknown) => caught);
      expect(OptimizerError.is(error) && error.code).toBe("output_limit");
      expect(await vault.get("a", handle)).toMatchObject(json("1"));
    });
  });
}
