import { describe, expect, test } from "vitest";
import { read, trackedFiles } from "./workspace.ts";

const files = trackedFiles();
const sources = files.filter(
  (path) => /^(packages|apps|tooling)\/.*\.(ts|js|mjs)$/.test(path) && !/\/test\//.test(path),
);
const isText = (path: string): boolean => /\.(ts|js|mjs|json|ya?ml|md|toml|sh)$|^\.ci\/|^\.npmrc$/.test(path);

describe("sources", () => {
  test("are short: median under 80 lines, nine of ten under 200, none over 400", () => {
    const lengths = sources
      .filter((path) => path.endsWith(".ts"))
      .map((path) => ({ path, lines: read(path).split("\n").length }))
      .sort((a, b) => a.lines - b.lines);
    const at = (part: number): number => lengths[Math.floor(lengths.length * part)]!.lines;
    expect(at(0.5)).toBeLessThan(80);
    expect(at(0.9)).toBeLessThan(200);
    expect(lengths.filter(({ lines }) => lines > 400)).toEqual([]);
  });

  test("are named after what they hold", () => {
    const vague = /(^|[/-])(utils?|helpers?|common|misc)(\.|-|\/)/;
    expect(files.filter((path) => vague.test(path))).toEqual([]);
    expect(sources.filter((path) => !/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(path.split("/").at(-1)!))).toEqual(
      [],
    );
  });

  test("write to stdout only where it is the protocol", () => {
    // The lint rule no-console covers the rest. The fixture servers of the testkit speak MCP on stdout, an agent in a guest its frames.
    const speaks = ["packages/testkit/src/mcp/", "packages/sandbox-wasi/src/agent/"];
    const packages = sources.filter(
      (path) => /^packages\/[^/]+\/src\//.test(path) && !speaks.some((folder) => path.startsWith(folder)),
    );
    expect(packages.filter((path) => /process\.stdout\.write\(/.test(withoutComments(read(path))))).toEqual(
      [],
    );
  });

  test("name no unfinished work", () => {
    expect(sources.filter((path) => /\b(TODO|FIXME|XXX)\b|not implemented/i.test(read(path)))).toEqual([]);
  });
});

test("no file names a path of a machine or the host of a registry", () => {
  const paths = /(^|[^\w.])\/(work|farm|root)\/|registry\.npmjs|deb\.debian/;
  const naming = files.filter(
    (path) =>
      isText(path) &&
      path !== "pnpm-lock.yaml" &&
      !path.startsWith("tooling/checks/") &&
      paths.test(read(path)),
  );
  expect(naming).toEqual([]);
});

test("a skipped or focused test has a written reason", () => {
  const tests = files.filter((path) => path.endsWith(".test.ts") && !path.startsWith("tooling/checks/"));
  expect(tests.filter((path) => /\b(it|test|describe)\.(only|todo|fails|skip)\(/.test(read(path)))).toEqual(
    [],
  );
});

describe("documents", () => {
  const documents = files.filter((path) => path.endsWith(".md") && !path.startsWith(".changeset/"));

  test("link only to what is there", () => {
    const broken = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map((match) => new URL(match[1]!, `file:///${path}`).pathname.slice(1))
        .filter(
          (target) =>
            !files.some((file) => file === target || file.startsWith(`${target.replace(/\/$/, "")}/`)),
        )
        .map((target) => `${path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test("a README is short: 150 lines at the root, 60 in a package", () => {
    const long = documents
      .filter((path) => path.endsWith("README.md"))
      .filter((path) => read(path).split("\n").length > (path === "README.md" ? 150 : 60) + 1);
    expect(long).toEqual([]);
  });

  test("every package has a README", () => {
    const packages = [
      ...new Set(
        files
          .filter((path) => /^(packages|apps)\//.test(path))
          .map((path) => path.split("/").slice(0, 2).join("/")),
      ),
    ];
    expect(packages.filter((dir) => !files.includes(`${dir}/README.md`))).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
}
