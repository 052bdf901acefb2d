import { expect, test } from "vitest";
import { looksLikeData } from "../../src/learning/looks-like-data.ts";

const NAMES = [
  ..."id name createdAt created_at content-type $schema @type @odata.type xml:lang #text _links sha256 address2 p95".split(
    " ",
  ),
  ..."html_url pull_request_review_comments_url isUnhandled HTTPStatus naïve 名前 PATH utf8 count(*) max(price) x y".split(
    " ",
  ),
  ..."total_count nextPageToken firstSeen userReportCount mergeable_state line1 mp3 ipv6Address".split(" "),
];
const DATA = [
  ..."42 2024 2024-01-02 a@b.co /home/x src/a.ts example.com 1.2.3 10.0.0.1 user-48213 ISSUE-1234 3f2a9c01".split(
    " ",
  ),
  ..."550e8400-e29b-41d4-a716-446655440000 sk_live_51Habc99XyZ00 d41d8cd98f00b204e9800998ecf8427e xKqZpWvRtYbNm".split(
    " ",
  ),
  ..."qwrtzpsdfghjk a1b2c3 application/json https://x.y/z +49123".split(" "),
  "John Smith",
  "My document about things",
  "",
  "a\nb",
  "x".repeat(60),
];

test.each(NAMES)("%s is a name", (name) => expect(looksLikeData(name)).toBe(false));
test.each(DATA)("%j is data", (name) => expect(looksLikeData(name)).toBe(true));
