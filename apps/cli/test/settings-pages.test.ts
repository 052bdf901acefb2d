import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadSettings } from "../src/load-settings.ts";
import { settingsJsonSchema } from "../src/settings-json-schema.ts";
import { SETTING_VARIABLES } from "../src/setting-variables.ts";
import type { Settings } from "../src/settings.ts";

test("the published schema of configurations is that of the settings; `npm run schemas` writes it", () => {
  const file = new URL("../schema/configuration-v1.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(settingsJsonSchema());
});

test.each(["reference/configuration.md", "how-to/policy-and-approvals.md", "how-to/authenticate.md"])(
  "the configurations of the docs can be used: %s",
  (page) => {
    const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), "utf8");
    const examples = [...text.matchAll(/```jsonc\n([^]*?)```/g)].map((match) => match[1]!);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples)
      expect(loadSettings({ file: page, text: example }, { env: {}, log: () => {} }).settings).toSatisfy(
        ({ policy, auth }: Settings) => policy !== undefined || auth !== undefined,
      );
  },
);

test("the page of the configuration names every setting, and every variable of a flag", () => {
  const text = readFileSync(new URL("../../../docs/reference/configuration.md", import.meta.url), "utf8");
  const { optimizer } = settingsJsonSchema()["properties"] as { optimizer: { properties: object } };
  for (const key of Object.keys(optimizer.properties)) expect(text).toMatch(new RegExp(`\\b${key}\\b`));
  for (const { name, path } of SETTING_VARIABLES)
    if (path[0] === "features") expect(text).toContain(`\`${name.replace("MCP_OPTIMIZER_", "")}\``);
});
