import type { EngineVersion } from "./container-engine.ts";
import { toNodeArchitecture } from "./to-node-architecture.ts";

/** What the daemon answers to `/version`, as far as it is read. */
export interface SaidVersion {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly Os: string;
  readonly Arch: string;
  readonly Components?: readonly { readonly Name: string; readonly Version: string }[];
}

/** What the daemon answers to `/info`, as far as it is read. */
export interface SaidInfo {
  readonly Runtimes?: Readonly<Record<string, { readonly runtimeArgs?: readonly string[] | null }>>;
  readonly DefaultRuntime?: string;
  readonly SecurityOptions?: readonly string[] | null;
  readonly MemoryLimit?: boolean;
  readonly SwapLimit?: boolean;
  readonly PidsLimit?: boolean;
  readonly CpuCfsQuota?: boolean;
}

/** Joins the two answers. */
export function toEngineVersion(said: SaidVersion, info: SaidInfo): EngineVersion {
  const components = (said.Components ?? []).map(
    ({ Name, Version }) => [Name.toLowerCase(), Version] as const,
  );
  const runtimes = Object.entries(info.Runtimes ?? {}).map(
    ([name, { runtimeArgs }]) => [name, runtimeArgs ?? []] as const,
  );
  return {
    engine: said.Version,
    api: said.ApiVersion,
    components: Object.fromEntries(components),
    runtimes: Object.fromEntries(runtimes),
    defaultRuntime: info.DefaultRuntime ?? "runc",
    os: said.Os,
    architecture: toNodeArchitecture(said.Arch),
    canLimit: {
      memory: info.MemoryLimit ?? false,
      swap: info.SwapLimit ?? false,
      processes: info.PidsLimit ?? false,
      cpu: info.CpuCfsQuota ?? false,
    },
    seccomp: (info.SecurityOptions ?? []).some((option) => option.startsWith("name=seccomp")),
  };
}
