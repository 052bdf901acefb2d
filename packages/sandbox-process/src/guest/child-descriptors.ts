import type { StdioNull, StdioPipe } from "node:child_process";

/** What a child gets for one of its descriptors. */
export type ChildDescriptor = number | StdioPipe | StdioNull;

/**
 * The descriptors of a child: its streams, what it is given from 3 on, and in the place of each that it would inherit unasked the
 * empty device.
 */
export function childDescriptors(
  given: readonly ChildDescriptor[],
  inherited: readonly number[],
  emptyDevice: number,
): ChildDescriptor[] {
  const all: ChildDescriptor[] = ["pipe", "pipe", "pipe", ...given];
  for (const descriptor of inherited) {
    if (descriptor < 3 + given.length) continue;
    while (all.length <= descriptor) all.push("ignore");
    all[descriptor] = emptyDevice;
  }
  return all;
}
