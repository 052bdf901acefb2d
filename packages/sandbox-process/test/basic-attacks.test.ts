import { testAttacks } from "@mcp-optimizer/testkit";
import { createBasicSandbox } from "../src/index.ts";
import { remains } from "./remains.ts";

/** What "basic" does not stop, in either language. */
const IN_BOTH = [
  "files-read",
  "files-write",
  "files-create",
  "files-remove",
  "files-traverse",
  "files-symlink",
  "files-proc-root",
  "files-disk-fill",
  "files-shared-memory",
  "secrets-canary-arguments",
  "secrets-all-processes",
  "secrets-tenant-host-memory",
  "secrets-tenant-sockets",
  "secrets-tenant-collisions",
  "network-tcp-loopback",
  "network-tcp-addresses",
  "network-udp",
  "network-dns",
  "network-unix-path",
  "network-unix-abstract",
  "network-listen",
  "network-fetch-outside",
];
const IN_JAVASCRIPT = [
  "files-leaked-descriptors",
  "files-watches",
  "kernel-bindings",
  "language-vm2-proxy-throws",
  "language-vm2-proxy-spec",
  "language-vm2-async-then",
];
const IN_PYTHON = [
  "kernel-pivot-root",
  "language-python-subclasses",
  "language-python-format-string",
  "language-python-pyodide-bridge",
  "language-python-pickle",
];
/** What depends on the machine: its routes, its folders, how fast it cleans up. */
const ON_SOME_MACHINES = [
  "files-deep-folders",
  "files-inode-fill",
  "network-metadata",
  "network-netlink",
  "network-public",
  "network-tcp-ipv6",
  "secrets-hardware",
  "secrets-home",
  "secrets-host-name",
  "secrets-mounts",
  "secrets-tenant-files",
];

const named = (ids: readonly string[], ...languages: readonly string[]): string[] =>
  ids.flatMap((id) => languages.map((language) => `${id} ${language}`));

testAttacks({
  name: "basic",
  // Its guests are then another user than the one that runs the tests, who could be harmed.
  ...(process.getuid?.() !== 0 && { unavailable: "attacks without walls are run as root only" }),
  create: (limits) => createBasicSandbox({ environment: {}, pool: { size: 3, limits } }),
  // What stops an attack here, limits and agents, stops it in seccomp too, which has all of them in both languages.
  alternate: process.env["MCP_OPTIMIZER_ALL_CASES"] !== "1",
  expectedEscapes: [
    ...named(IN_BOTH, "javascript", "python"),
    ...named(IN_JAVASCRIPT, "javascript"),
    ...named(IN_PYTHON, "python"),
  ],
  possibleEscapes: named(ON_SOME_MACHINES, "javascript", "python"),
  remains: () => remains("basic"),
});
