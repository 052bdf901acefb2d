import { expect, test } from "vitest";
import { isRedisUrl, parseRedisUrl } from "../../src/link/parse-redis-url.ts";

test.each([
  ["redis://h", { kind: "single", nodes: [{ host: "h", port: 6_379 }], database: 0, tls: false }],
  [
    "rediss://u%40x:p%3a%2f@h:1/2",
    {
      kind: "single",
      nodes: [{ host: "h", port: 1 }],
      username: "u@x",
      password: "p:/",
      database: 2,
      tls: true,
    },
  ],
  ["redis://:a:b@[::1]:7", { kind: "single", nodes: [{ host: "::1", port: 7 }], password: "a:b" }],
  [
    "redis+sentinel://a,b:1/my%20master/3",
    {
      kind: "sentinel",
      nodes: [
        { host: "a", port: 26_379 },
        { host: "b", port: 1 },
      ],
      primary: "my master",
      database: 3,
    },
  ],
  [
    "rediss+cluster://a:1,b:2",
    {
      kind: "cluster",
      nodes: [
        { host: "a", port: 1 },
        { host: "b", port: 2 },
      ],
      tls: true,
    },
  ],
])("%s is understood", (url, address) => {
  expect(isRedisUrl(url)).toBe(true);
  expect(parseRedisUrl(url)).toMatchObject(address);
});

test.each([
  "redis://",
  "redis://a,b",
  "redis://h:0",
  "redis://h:65536",
  "redis://h/x",
  "redis://h/1/2",
  "redis://h?db=1",
  "redis+sentinel://h",
  "redis+cluster://h/1",
  "redis+ring://h",
  "redis://:s3cret%zz@h",
  "redis://:s3cret@h:port",
])("%s is refused without its password", (url) => {
  const parse = () => parseRedisUrl(url);
  expect(parse).toThrow(expect.objectContaining({ code: "config_invalid" }));
  expect(parse).not.toThrow(/s3cret/);
});

test.each(["memory", "/var/lib/x", "redis", "http://h"])("%j is no URL of a Redis", (text) => {
  expect(isRedisUrl(text)).toBe(false);
});
