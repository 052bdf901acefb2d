import { OptimizerError, type JsonValue, type ResultVault, type VaultEntry } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";

/** A vault under test with the settings it was made with. */
export interface ResultVaultHarness {
  readonly vault: ResultVault;
  /** Lets the lifetime of everything stored pass. */
  readonly expire: () => void | Promise<void>;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface ResultVaultSuite {
  readonly name: string;
  /** Makes an empty vault that holds at most `maxSize` characters of JSON. */
  readonly create: (options: {
    readonly maxSize: number;
  }) => ResultVaultHarness | Promise<ResultVaultHarness>;
}

const json = (value: JsonValue): VaultEntry => ({ kind: "json", value });

/** Holds a vault to the ResultVault port. Call it at the top of a vitest file. */
export function testResultVault(suite: ResultVaultSuite): void {
  const vaultTest = (name: string, body: (harness: ResultVaultHarness) => Promise<void>): void => {
    test(name, async () => {
      const harness = await suite.create({ maxSize: 1_000 });
      try {
        await body(harness);
      } finally {
        await harness.dispose?.();
      }
    });
  };

  describe(`${suite.name} is a result vault`, () => {
    vaultTest("gives back exactly what was put", async ({ vault }) => {
      const entries: VaultEntry[] = [
        json({ list: [1, null, "x", { nested: true }], text: "ü😀" }),
        json(null),
        { kind: "blob", mimeType: "image/png", base64: "iVBORw0KGgo=" },
      ];
      const handles = await Promise.all(entries.map((entry) => vault.put("a", entry)));
      expect(new Set(handles).size).toBe(entries.length);
      for (const [index, handle] of handles.entries())
        expect(await vault.get("a", handle)).toEqual(entries[index]);
    });

    vaultTest("opens nothing for another tenant, nor for a handle it did not give", async ({ vault }) => {
      const handle = await vault.put("a", json("secret"));
      expect(await vault.get("b", handle)).toBeUndefined();
      expect(await vault.get("a", `${handle}x`)).toBeUndefined();
      expect(await vault.get("a", "__proto__")).toBeUndefined();
      expect(await vault.get("a", handle)).toEqual(json("secret"));
    });

    vaultTest("forgets what has expired", async ({ vault, expire }) => {
      const handle = await vault.put("a", json(1));
      await expire();
      expect(await vault.get("a", handle)).toBeUndefined();
    });

    vaultTest("drops the least recently used first when it is full", async ({ vault }) => {
      const first = await vault.put("a", json("x".repeat(400)));
      const second = await vault.put("a", json("y".repeat(400)));
      await vault.get("a", first);
      const third = await vault.put("a", json("z".repeat(400)));
      expect(await vault.get("a", second)).toBeUndefined();
      expect(await vault.get("a", first)).toEqual(json("x".repeat(400)));
      expect(await vault.get("a", third)).toEqual(json("z".repeat(400)));
    });

    vaultTest("refuses what alone is too large, and keeps the rest", async ({ vault }) => {
      const handle = await vault.put("a", json(1));
      const error = await vault.put("a", json("x".repeat(2_000))).catch((caught: unknown) => caught);
      expect(OptimizerError.is(error) && error.code).toBe("output_limit");
      expect(await vault.get("a", handle)).toEqual(json(1));
    });
  });
}
