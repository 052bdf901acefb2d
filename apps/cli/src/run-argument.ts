import * as Args from "@oclif/core/args";
import type { Interfaces } from "@oclif/core";

/** The argument RUN. */
export const runArgument: Interfaces.Arg<string> = Args.string({
  required: true,
  description: "a run's id, as runs list shows it",
});
