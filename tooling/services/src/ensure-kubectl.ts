import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ensureDebianPackages } from "./ensure-debian-packages.ts";

/** Makes sure that there is a `kubectl`, of whatever origin; its own kustomize needs no cluster. Rejects with what to run where it may not install. */
export async function ensureKubectl(): Promise<void> {
  await promisify(execFile)("kubectl", ["version", "--client"]).catch(() =>
    ensureDebianPackages(["kubernetes-client"]),
  );
}
