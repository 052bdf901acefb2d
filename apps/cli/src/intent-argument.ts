import * as Args from "@oclif/core/args";
import type { Interfaces } from "@oclif/core";

/** The argument NAME. */
export const intentArgument: Interfaces.Arg<string> = Args.string({
  required: true,
  description: "an intent's name, as intents list shows it",
});
