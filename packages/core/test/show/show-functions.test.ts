import type { JsonValue } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { shownLabel } from "../../src/show/shown-piece.ts";
import { openVault, type OpenVault } from "../vault/open-vault.ts";

const PNG = "iVBORw0KGgo=";
const blocks = ({ context }: OpenVault): unknown[] => context.shown.map(({ block }) => block);
const USER = { annotations: { audience: ["user"] } };

test.each<[string, JsonValue, unknown]>([
  [
    "an image block",
    { type: "image", data: PNG, mimeType: "image/png" },
    { type: "image", data: PNG, mimeType: "image/png" },
  ],
  [
    "sound in base64",
    { name: "a.wav", mimeType: "audio/wav", base64: PNG },
    { type: "audio", data: PNG, mimeType: "audio/wav" },
  ],
  [
    "a file of text",
    { name: "ü a.csv", mimeType: "text/csv", text: "a,b" },
    {
      type: "resource",
      resource: { uri: "mcp-optimizer:/shown/%C3%BC%20a.csv", mimeType: "text/csv", text: "a,b" },
      ...USER,
    },
  ],
  [
    "other bytes, as Python names things",
    { name: "a.zip", mime_type: "application/zip", base64: PNG },
    {
      type: "resource",
      resource: { uri: "mcp-optimizer:/shown/a.zip", mimeType: "application/zip", blob: PNG },
      ...USER,
    },
  ],
  [
    "a text resource",
    { uri: "x:1", mimeType: "text/plain", text: "t" },
    { type: "resource", resource: { uri: "x:1", mimeType: "text/plain", text: "t" }, ...USER },
  ],
  [
    "a resource block",
    { type: "resource", resource: { uri: "x:1", mimeType: "a/b", blob: PNG } },
    { type: "resource", resource: { uri: "x:1", mimeType: "a/b", blob: PNG }, ...USER },
  ],
  [
    "a link",
    { type: "resource_link", uri: "https://example.com/a", name: "a", mimeType: "a/b", vendor: 1 },
    { type: "resource_link", uri: "https://example.com/a", name: "a", mimeType: "a/b" },
  ],
])("%s becomes a block", async (_, given, block) => {
  const open = openVault();
  await open.call("tools.show", given);
  expect(blocks(open)).toEqual([block]);
});

test("what a handle keeps is shown without the program, and counts as of its servers", async () => {
  const open = openVault();
  const image = await open.vault.put("a", {
    kind: "blob",
    mimeType: "image/png",
    base64: PNG,
    sources: ["camera"],
  });
  expect(await open.call("tools.show", image)).toEqual({ shown: "image", mimeType: "image/png", bytes: 8 });
  await open.call("tools.show", { type: "image", mimeType: "text/html", bytes: 8, handle: image });
  const files = openVault();
  await files.call("tools.show", await files.keep({ a: 1 }));
  await files.call("tools.show", await files.keep("text"));
  expect([...blocks(open), ...blocks(files)]).toMatchObject([
    { type: "image", data: PNG, mimeType: "image/png" },
    { type: "image", data: PNG, mimeType: "image/png" },
    { resource: { mimeType: "application/json", text: '{"a":1}' } },
    { resource: { mimeType: "text/plain", text: "text" } },
  ]);
  expect(open.context.shown.map(shownLabel)[0]).toBe("image/png, 8 B");
  expect([...open.context.sources]).toEqual(["camera"]);
});

test.each<[JsonValue, string]>([
  ["hello", "invalid_params"],
  [null, "invalid_params"],
  [[1], "invalid_params"],
  [{ type: "text", text: "x" }, "invalid_params"],
  [{ name: "a", base64: "no base64!" }, "invalid_params"],
  [{ name: "a", text: "x", mimeType: "none" }, "invalid_params"],
  [{ type: "resource_link", uri: "no address" }, "invalid_params"],
  [{ type: "resource_link", uri: "x:1", title: 1 }, "invalid_params"],
  [{ type: "resource_link", uri: "x:1", size: "1" }, "invalid_params"],
  ["h_unknown", "not_found"],
  [{ type: "image", bytes: 3, handle: "h_unknown" }, "not_found"],
  [{ name: "a", text: "x".repeat(31) }, "output_limit"],
  [{ name: "a", base64: "AAAA".repeat(21) }, "output_limit"],
])("%j is refused", async (given, code) => {
  const open = openVault();
  await expect(open.call("tools.show", given)).rejects.toMatchObject({ code });
  expect(blocks(open)).toEqual([]);
});

test.each<[JsonValue]>([
  [{ type: "resource_link", uri: "x:1", description: "d".repeat(10_000) }],
  [{ type: "resource_link", uri: `x:${"u".repeat(10_000)}` }],
  [{ name: "n".repeat(10_000), text: "x" }],
  [{ handle: "h_1", name: "n".repeat(10_000) }],
])("what is said of a piece is no way around its limits", async (given) => {
  const open = openVault();
  await open.keep("text");
  await expect(open.call("tools.show", given)).rejects.toMatchObject({ code: "invalid_params" });
});

test("a run shows so many pieces, and so many bytes", async () => {
  const open = openVault();
  for (let piece = 0; piece < 3; piece += 1) await open.call("tools.show", { name: "a", text: "x" });
  await expect(open.call("tools.show", { name: "a", text: "x" })).rejects.toThrow("a run may show 3 pieces");
  const other = openVault();
  const large = { name: "a", base64: "AAAA".repeat(17) };
  await other.call("tools.show", large);
  await expect(other.call("tools.show", large)).rejects.toThrow("what a run shows may have 100");
});
