import { DEFAULT_GUEST_RESOURCES, type GuestAgent } from "@mcp-optimizer/sandbox-guest";
import { expect, test } from "vitest";
import { bootArchive } from "../../src/image/boot-archive.ts";
import { unpackCpio, type UnpackedEntry } from "../firecracker/model/unpack-cpio.ts";

const AGENT: GuestAgent = {
  language: "javascript",
  command: ["node", "/guest/a.mjs"],
  files: { "a.mjs": "1", "deep/er/b.mjs": "2" },
};

function pack(agent: GuestAgent): readonly UnpackedEntry[] {
  const init = Buffer.from("init");
  const modules = [{ name: "virtio_blk", content: Buffer.from("module") }];
  return unpackCpio(
    bootArchive({
      init,
      modules,
      channel: "vsock",
      programs: ["/usr/bin/node"],
      agent,
      resources: DEFAULT_GUEST_RESOURCES,
    }),
  );
}

test("an archive holds process 1, modules, the agent's files after their folders, and their limits", () => {
  const entries = pack(AGENT);
  const paths = entries.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(["init", "modules/virtio_blk.ko", "guest/deep/er/b.mjs"]));
  for (const path of paths.filter((one) => one.includes("/"))) {
    const parent = path.slice(0, path.lastIndexOf("/"));
    expect(paths.indexOf(parent)).toBeGreaterThanOrEqual(0);
    expect(paths.indexOf(parent)).toBeLessThan(paths.indexOf(path));
  }
  const config = entries.find(({ path }) => path === "mcpo.conf");
  expect(config?.mode).toBe(0o100600);
  const lines = config?.content.toString().split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "channel=vsock",
      `memory=${DEFAULT_GUEST_RESOURCES.memoryBytes}`,
      `disk=${DEFAULT_GUEST_RESOURCES.diskBytes}`,
      "processes=50",
      "handles=100",
      "uid=65534",
      "module=/modules/virtio_blk.ko",
      "preload=/usr/bin/node",
      "arg=node",
      "arg=/guest/a.mjs",
    ]),
  );
});

test.for(["../a", "/a", "a/", "", ".", "a/../../b", "a\0b", "a\nuid=0"])(
  "an agent's file may not be named %j",
  (name) => {
    expect(() => pack({ ...AGENT, files: { [name]: "" } })).toThrow(
      expect.objectContaining({ code: "invalid_params" }),
    );
  },
);

test.for([
  [[]],
  [["node", "a\nuid=0"]],
  [["a\0b"]],
  [["x".repeat(70_000)]],
  [Array.from({ length: 64 }, () => "x")],
])("an agent's command may not be %#", ([command]) => {
  expect(() => pack({ ...AGENT, command: command! })).toThrow(
    expect.objectContaining({ code: "invalid_params" }),
  );
});
