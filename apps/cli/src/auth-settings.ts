import type { JwtOptions, StaticToken } from "@mcp-optimizer/server";
import * as z from "zod";

/** Whose tokens of an authorization server are taken. */
export interface JwtSettings extends Omit<JwtOptions, "issuer" | "audience"> {
  /** The authorization server, exactly as its tokens name it. Cannot be left out, but be given by the environment. */
  readonly issuer?: string;
  /** What tokens must be for. Default: `publicUrl`. */
  readonly audience?: string | readonly string[];
}

/** Who may use the service over HTTP. */
export interface AuthSettings {
  /** Tokens that the operator hands out, by their hashes. */
  readonly tokens?: readonly StaticToken[];
  /** An authorization server whose tokens are taken. */
  readonly jwt?: JwtSettings;
  /** The address of MCP as clients reach it, such as `https://mcp.example.com/mcp`. Default: where it listens. */
  readonly publicUrl?: string;
  /** Host names that a request may name. Default: that of `publicUrl`. */
  readonly allowedHosts?: readonly string[];
}

const name = z.string().min(1).max(256);
const url = z.url({ protocol: /^https?$/u }).max(2_048);
const scope = z.string().regex(/^[!#-[\]-~]{1,256}$/u, "is no scope: it has spaces, quotes or backslashes");
const scopes = z.array(scope).max(500);

/** Checks {@link AuthSettings}. */
export const AuthSettingsSchema: z.ZodType<AuthSettings> = z.strictObject({
  tokens: z
    .array(
      z.strictObject({
        name,
        hash: z
          .string()
          .regex(/^sha256:[0-9a-f]{64}$/u, "is no hash of a token; mcp-optimizer auth token makes both"),
        tenant: name.optional(),
        principal: name.optional(),
        scopes: scopes.optional(),
        expires: z
          .union([z.iso.date(), z.iso.datetime({ offset: true })], {
            error: "is no date, such as 2027-01-31",
          })
          .optional(),
      }),
    )
    .max(10_000)
    .optional(),
  jwt: z
    .strictObject({
      issuer: url.optional(),
      audience: z.union([name, z.array(name).min(1).max(100)]).optional(),
      jwksUri: url.optional(),
      algorithms: z.array(z.string().max(20)).min(1).optional(),
      clockToleranceSeconds: z.int().min(0).max(300).optional(),
      tenantClaim: name.optional(),
      scopeClaim: name.optional(),
      principalClaim: name.optional(),
      requiredScopes: scopes.optional(),
    })
    .optional(),
  publicUrl: url.optional(),
  allowedHosts: z.array(z.string().min(1).max(253)).min(1).max(100).optional(),
}) as unknown as z.ZodType<AuthSettings>;
