import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";

const run = promisify(execFile);

/** What the tests read of a pod. */
interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext: object;
  readonly runtimeClassName?: string;
  readonly containers: readonly {
    readonly securityContext: object;
    readonly resources: { readonly limits: object };
    readonly readinessProbe?: object;
    readonly livenessProbe?: object;
  }[];
}

/** An object for Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: { readonly template: { readonly spec: PodSpec } };
  readonly data?: Readonly<Record<string, string>>;
}

/** What `kubectl kustomize` makes of a folder of deploy/kubernetes; it asks no cluster. */
export async function renderedManifests(folder: string): Promise<Manifest[]> {
  const path = fileURLToPath(new URL(`../../../deploy/kubernetes/${folder}`, import.meta.url));
  const { stdout } = await run("kubectl", ["kustomize", path]);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}

/** The problem that Kubernetes's own schema finds; undefined where there is none. */
export async function schemaProblem(manifest: Manifest): Promise<string | undefined> {
  const { apiVersion, kind } = manifest;
  const name = `kubernetes-models/${apiVersion}`;
  const models = (await import(name)) as Record<
    string,
    (new (value: Manifest) => { validate(): void }) | undefined
  >;
  const Model = models[kind];
  if (Model === undefined) return `${apiVersion} has no ${kind}`;
  try {
    new Model(manifest).validate();
    return undefined;
  } catch (error) {
    return `${kind} ${manifest.metadata.name}: ${(error as Error).message}`;
  }
}
