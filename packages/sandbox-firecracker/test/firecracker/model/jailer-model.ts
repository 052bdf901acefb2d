import { access, chown, constants } from "node:fs/promises";
import { basename, join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";

// Stands for Firecracker's jailer: makes Firecracker's program run as another user in the jail's root, without the jail.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: "boolean" },
    id: { type: "string", default: "" },
    "exec-file": { type: "string", default: "" },
    uid: { type: "string" },
    gid: { type: "string" },
    "chroot-base-dir": { type: "string", default: "/srv/jailer" },
    "cgroup-version": { type: "string", default: "1" },
    "parent-cgroup": { type: "string" },
    netns: { type: "string" },
    "resource-limit": { type: "string", multiple: true },
  },
});
if (values.version) {
  process.stdout.write("Jailer v1.17.0\n");
  process.exit(0);
}
if (!/^[A-Za-z0-9-]{1,64}$/.test(values.id)) throw new Error("Invalid instance ID");
if (!/^(no-file|fsize)=\d+$/.test(values["resource-limit"]?.[0] ?? "")) throw new Error("Invalid limit");
await access(values["exec-file"], constants.X_OK);
const root = join(values["chroot-base-dir"], basename(values["exec-file"]), values.id, "root");
await chown(root, Number(values.uid), Number(values.gid));
process.chdir(root);
const change = [`--reuid=${values.uid}`, `--regid=${values.gid}`, "--clear-groups", "--"];
const command = [values["exec-file"], "--jailed", "--id", values.id, ...positionals];
process.execve!("/usr/bin/setpriv", ["setpriv", ...change, ...command], { PATH: process.env["PATH"] ?? "" });
