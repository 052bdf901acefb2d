import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { ShownPiece } from "@mcp-optimizer/core";
import { expect, onTestFinished, test } from "vitest";
import { saveShown } from "../src/save-shown.ts";
import { shownFileName } from "../src/shown-file-name.ts";

test.each<[string | undefined, string, string]>([
  ["chart.png", "image/png", "chart.png"],
  ["chart", "image/jpeg", "chart.jpg"],
  [undefined, "image/svg+xml", "shown-3.svg"],
  ["../../etc/passwd", "text/plain", "passwd.txt"],
  ["C:\\Windows\\win.ini", "text/plain", "win.ini"],
  ["file:///a/b.csv?x=1#y", "text/csv", "b.csv"],
  ["..", "a/b", "shown-3.b"],
  [".bashrc", "text/plain", "bashrc.txt"],
  ["con.txt", "text/plain", "shown-3.txt"],
  ["a\u0000b\u202E\n;$(x).sh", "text/plain", "a_b_x_.sh"],
  ["ünï cödé", "application/octet-stream", "ünï cödé.bin"],
  ["x".repeat(300), "text/html; charset=utf-8", `${"x".repeat(100)}.html`],
  ["a", "odd/../../x", "a.bin"],
])("the file of %j (%s) is %s", (name, mimeType, expected) => {
  expect(shownFileName({ ...(name !== undefined && { name }), mimeType }, 2)).toBe(expected);
});

test("pieces are saved, and nothing is overwritten", async () => {
  const folder = join(await mkdtemp(join(tmpdir(), "shown-")), "new", "folder");
  onTestFinished(() => rm(folder, { recursive: true }));
  const image: ShownPiece = {
    block: { type: "image", data: "AAEC", mimeType: "image/png" },
    name: "a.png",
    mimeType: "image/png",
    bytes: 3,
  };
  const file: ShownPiece = {
    block: { type: "resource", resource: { uri: "x:/ü.csv", text: "ü" } },
    name: "ü.csv",
    mimeType: "text/csv",
    bytes: 2,
  };
  const link: ShownPiece = {
    block: { type: "resource_link", uri: "x:1", name: "l" },
    mimeType: "a/b",
    bytes: 0,
  };
  const saved = await saveShown([image, file, image, link], folder);
  expect(saved.map((path) => path && relative(folder, path))).toEqual([
    "a.png",
    "ü.csv",
    "a-2.png",
    undefined,
  ]);
  expect(await readdir(folder)).toHaveLength(3);
  expect(await readFile(join(folder, "ü.csv"), "utf8")).toBe("ü");
  expect([...(await readFile(join(folder, "a-2.png")))]).toEqual([0, 1, 2]);
  await expect(saveShown([image], join(folder, "a.png"))).rejects.toMatchObject({
    code: "store_unavailable",
  });
});

test("a folder that cannot be made is an error, and not waited for", async () => {
  const piece: ShownPiece = {
    block: { type: "image", data: "AAEC", mimeType: "image/png" },
    mimeType: "image/png",
    bytes: 3,
  };
  await expect(saveShown([piece], "/proc/mcp-optimizer/new")).rejects.toMatchObject({
    code: "store_unavailable",
  });
});
