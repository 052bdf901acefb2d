import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { expect, test } from "vitest";
import { PACKAGES, ROOT } from "./workspace.ts";

test.each(PACKAGES)("$dir packs as consumers need it", { timeout: 60_000 }, async ({ dir }) => {
  const { messages, pkg } = await publint({ pkgDir: join(ROOT, dir), pack: "pnpm", strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});
