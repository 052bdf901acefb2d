import type { Language, GuestResources } from "@mcp-optimizer/contracts";
import type { GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import type { EvalGuest } from "./eval-guest.ts";

/** What a case works with. */
export interface LauncherCaseContext {
  readonly launcher: GuestLauncher;
  /** The language of the guests of this case. */
  readonly language: Language;
  /** What a guest gets unless the case says otherwise. */
  readonly resources: GuestResources;
  /** CPU time that a guest starts in and soon spends. */
  readonly shortCpuMs: number;
  /** A guest with the agent that runs what it is told. The suite kills it when the case is over. */
  readonly open: (resources?: Partial<GuestResources>) => Promise<EvalGuest>;
  /** A further launcher of the same kind. The suite disposes it. */
  readonly createLauncher: () => Promise<GuestLauncher>;
  /** What guests of this kind left on the host. */
  readonly remains: () => Promise<readonly string[]>;
  /** Starts another process that holds one guest, and waits until the guest runs. `undefined` when the suite cannot. */
  readonly startOwner: (() => Promise<{ kill(): Promise<void> }>) | undefined;
}

/** A requirement on launchers. */
export interface LauncherCase {
  readonly name: string;
  /** Languages that it is asked in. Default both. */
  readonly languages?: readonly Language[];
  /** It asks what a guest sees of the world and can write to, which does not depend on how its launcher counts what it uses. */
  readonly asksWalls?: true;
  /** Asked in a language of which a sample is asked, too: a runtime allocates, computes and starts processes in its own way. */
  readonly sampled?: true;
  readonly timeout?: number;
  readonly run: (context: LauncherCaseContext) => Promise<void>;
}
