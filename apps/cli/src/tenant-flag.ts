import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";

/** The tenant that is meant. */
export const tenantFlag: Interfaces.OptionFlag<string> = Flags.string({
  default: "local",
  description: "whose they are, where several clients are told apart",
  helpValue: "TENANT",
});
