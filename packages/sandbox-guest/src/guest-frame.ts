import type { ConsoleLine, GuestFailure } from "@mcp-optimizer/contracts";

/** A call as a frame carries it; `args` is JSON text, not parsed yet. */
export interface FrameCall {
  readonly id: number;
  readonly name: string;
  readonly args: string;
}

interface FrameBase {
  /** Lines since the last frame. */
  readonly console: readonly ConsoleLine[];
  /** Bytes of console output not kept, since the start of the run. */
  readonly lost: number;
}

/** What a guest says: it calls, it waits (until `due`, in milliseconds of the run), or it is done. */
export type GuestFrame =
  | (FrameBase & { readonly kind: "calls"; readonly calls: readonly FrameCall[] })
  | (FrameBase & { readonly kind: "wait"; readonly due: number | undefined })
  | (FrameBase & {
      readonly kind: "done";
      readonly failure: GuestFailure | undefined;
      readonly unhandled: readonly GuestFailure[];
      readonly moreUnhandled: number;
      /** JSON text; undefined when the program returned nothing. */
      readonly value: string | undefined;
    });
