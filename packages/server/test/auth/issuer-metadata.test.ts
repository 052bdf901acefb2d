import { expect, test } from "vitest";
import { metadataUrls } from "../../src/auth/issuer-metadata.ts";

test.each<[string, string[]]>([
  ["https://as.test", ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]],
  ["https://as.test/", ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]],
  [
    "https://as.test/realms/main",
    [
      "/.well-known/oauth-authorization-server/realms/main",
      "/.well-known/openid-configuration/realms/main",
      "/realms/main/.well-known/openid-configuration",
    ],
  ],
])("what %s says of itself is looked for where the specifications say", (issuer, paths) => {
  expect(metadataUrls(issuer).map(({ href }) => href)).toEqual(paths.map((path) => `https://as.test${path}`));
});
