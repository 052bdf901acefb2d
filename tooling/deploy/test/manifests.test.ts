import { ensureKubectl, orReason } from "@mcp-optimizer/services";
import { describe, expect, test } from "vitest";
import { configurationProblems } from "./configuration-problems.ts";
import { renderedManifests, schemaProblem, type Manifest } from "./rendered-manifests.ts";

const { reason } = await orReason(ensureKubectl);
const FOLDERS = ["base", "overlays/redis", "overlays/no-gvisor"];

describe.skipIf(reason !== undefined)(
  `manifests${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  () => {
    test.each(FOLDERS)("%s renders, and fits the schemas of Kubernetes", async (folder) => {
      const manifests = await renderedManifests(folder);
      expect(manifests.length).toBeGreaterThan(10);
      for (const manifest of manifests) expect(await schemaProblem(manifest)).toBeUndefined();
    });

    test("a manifest that does not fit is found", async () => {
      const deployment = (await renderedManifests("base")).find(({ kind }) => kind === "Deployment");
      const wrong = { ...deployment!, spec: { ...deployment!.spec!, replicas: "two" } };
      expect(await schemaProblem(wrong)).toContain("replicas");
    });

    test.each(FOLDERS)(
      "all that runs in %s is bounded, not root, and cannot write its root",
      async (folder) => {
        const pods = (await renderedManifests(folder)).filter(
          ({ kind }) => kind === "Deployment" || kind === "StatefulSet",
        );
        expect(pods.length).toBeGreaterThanOrEqual(2);
        for (const { spec } of pods) {
          const pod = spec!.template.spec;
          expect(pod.automountServiceAccountToken).toBe(false);
          expect(pod.securityContext).toMatchObject({
            runAsNonRoot: true,
            seccompProfile: { type: "RuntimeDefault" },
          });
          for (const container of pod.containers) {
            expect(container.securityContext).toEqual({
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            });
            expect(container.resources.limits).toMatchObject({
              cpu: expect.anything(),
              memory: expect.anything(),
            });
            expect(container.readinessProbe).toBeDefined();
            expect(container.livenessProbe).toBeDefined();
          }
        }
      },
    );

    test("programs run under gVisor, unless that is taken away, and both kinds scale", async () => {
      const named = async (folder: string, kind: string, name: string): Promise<Manifest | undefined> =>
        (await renderedManifests(folder)).find((one) => one.kind === kind && one.metadata.name === name);
      const runtimeOf = (worker: Manifest | undefined): string | undefined =>
        worker!.spec!.template.spec.runtimeClassName;
      expect(runtimeOf(await named("base", "Deployment", "worker"))).toBe("gvisor");
      expect(await named("base", "RuntimeClass", "gvisor")).toMatchObject({ handler: "runsc" });
      expect(runtimeOf(await named("overlays/no-gvisor", "Deployment", "worker"))).toBeUndefined();
      expect(await named("overlays/no-gvisor", "RuntimeClass", "gvisor")).toBeUndefined();
      for (const name of ["front", "worker"]) {
        const scaler = await named("base", "HorizontalPodAutoscaler", name);
        expect(scaler?.spec).toMatchObject({ minReplicas: 2, scaleTargetRef: { kind: "Deployment", name } });
      }
    });

    test("the configuration that is mounted is one", async () => {
      const map = (await renderedManifests("base")).find(({ kind }) => kind === "ConfigMap");
      expect(configurationProblems(map!.data!["mcp-optimizer.json"]!)).toEqual([]);
      expect(configurationProblems('{ "optimizer": { "sate": "memory" } }')).not.toEqual([]);
    });
  },
);
