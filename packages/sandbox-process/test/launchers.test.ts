import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { testGuestLauncher } from "@mcp-optimizer/testkit";
import { fileURLToPath } from "node:url";
import { createBasicLauncher, createSeccompLauncher } from "../src/index.ts";
import { remains } from "./remains.ts";

const bubblewrap = await orReason(() => ensureDebianPackages(["bubblewrap"]));
const isRoot = process.getuid?.() === 0;

const owner = (kind: string, cgroups: string): string[] => [
  process.execPath,
  "--conditions=@mcp-optimizer/source",
  fileURLToPath(new URL("guest-owner-process.ts", import.meta.url)),
  kind,
  cgroups,
];

/** Where guests are processes they start at once. */
const shortCpuMs = 700;

testGuestLauncher({
  name: "seccomp",
  unavailable: bubblewrap.reason,
  create: () => createSeccompLauncher(),
  shortCpuMs,
  remains: (owners) => remains("seccomp", owners),
  owner: owner("seccomp", "auto"),
});

testGuestLauncher({
  name: "seccomp without cgroups",
  unavailable: bubblewrap.reason,
  sampledLanguages: ["python"],
  wallsOf: "seccomp",
  create: () => createSeccompLauncher({ cgroups: "none" }),
  shortCpuMs,
  remains: (owners) => remains("seccomp", owners),
  owner: owner("seccomp", "none"),
});

const NO_WALLS = {
  "a guest cannot write more bytes than its disk has": "its files are the host's",
  "a guest that makes files without end takes no inodes of the host's disk": "its files are the host's",
  "a guest writes nowhere but in /tmp": "it writes what its user may",
  "what a guest writes in /tmp is neither on the host nor in another guest": "its /tmp is the host's",
  "a guest reaches no TCP, UDP or Unix socket of the host": "it has the host's network",
  "a guest finds no secret and no path of the host": "it sees the host's files",
};

testGuestLauncher({
  name: "basic",
  unavailable: isRoot ? undefined : "cgroups and users of its own need root here",
  sampledLanguages: ["python"],
  create: () => createBasicLauncher({ environment: {} }),
  shortCpuMs,
  remains: (owners) => remains("basic", owners),
  owner: owner("basic", "auto"),
  skip: NO_WALLS,
});

testGuestLauncher({
  name: "basic without cgroups",
  unavailable: isRoot ? undefined : "users of its own need root",
  languages: ["javascript"],
  wallsOf: "basic",
  create: () => createBasicLauncher({ environment: {}, cgroups: "none" }),
  shortCpuMs,
  remains: (owners) => remains("basic", owners),
  owner: owner("basic", "none"),
  skip: NO_WALLS,
});
