import * as Flags from "@oclif/core/flags";
import type { Interfaces } from "@oclif/core";
import type { StaticToken } from "@mcp-optimizer/server";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import { OptimizerCommand } from "../../optimizer-command.ts";

/** What `auth token --json` prints. */
export interface TokenReport {
  /** For the client; nobody can tell it again. */
  readonly token: string;
  /** For `optimizer.auth.tokens`. */
  readonly entry: StaticToken;
}

export class AuthToken extends OptimizerCommand {
  static override summary =
    "Make a token for a client over HTTP, and the line of the configuration that takes it";
  static override description: string =
    "The token is printed once and kept nowhere; the configuration has its hash alone. Nothing is changed: put the line into optimizer.auth.tokens and start the service again.";
  static override examples: string[] = [
    "<%= config.bin %> auth token --name ci",
    "<%= config.bin %> auth token --name ada --tenant team --scope git:read --scope git:write --expires 2027-01-31",
  ];
  static override flags: {
    name: Interfaces.OptionFlag<string>;
    tenant: Interfaces.OptionFlag<string | undefined>;
    scope: Interfaces.OptionFlag<string[] | undefined>;
    expires: Interfaces.OptionFlag<string | undefined>;
  } = {
    name: Flags.string({ required: true, description: "what you call it", helpValue: "NAME" }),
    tenant: Flags.string({ description: "whose calls it makes; by default its name", helpValue: "TENANT" }),
    scope: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: "what it grants, as policy rules name it",
      helpValue: "SCOPE",
    }),
    expires: Flags.string({ description: "the day from which it is refused", helpValue: "YYYY-MM-DD" }),
  };

  async run(): Promise<TokenReport> {
    const { flags } = await this.parse(AuthToken);
    const { name, tenant, scope: scopes, expires } = flags;
    const { newStaticToken } = await import("@mcp-optimizer/server");
    const { AuthSettingsSchema } = await import("../../auth-settings.ts");
    const { token, hash } = newStaticToken();
    const entry: StaticToken = {
      name,
      hash,
      ...(tenant !== undefined && { tenant }),
      ...(scopes && { scopes }),
      ...(expires !== undefined && { expires }),
    };
    const checked = AuthSettingsSchema.safeParse({ tokens: [entry] });
    if (!checked.success) {
      const { path, message } = checked.error.issues[0]!;
      const flag = path[2] === "scopes" ? "scope" : String(path[2]);
      throw new OptimizerError("invalid_params", { detail: `--${flag}: ${message}` });
    }
    if (!this.jsonEnabled()) {
      this.out(token);
      process.stderr.write(
        `For the client, which sends it as "Authorization: Bearer …"; it is not shown again. For optimizer.auth.tokens:\n${JSON.stringify(entry)}\n`,
      );
    }
    return { token, entry };
  }
}
