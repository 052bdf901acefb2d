import type { Catalogue } from "../../../src/catalogue/catalogue.ts";
import { callSites, replaced, type CallSite } from "./call-sites.ts";

/** A way to write a call of a tool otherwise that does the same: undefined where it does not fit. `head` goes before the program. */
type Rewrite = (parts: CallParts) => { readonly call: string; readonly head?: string } | undefined;

interface CallParts {
  readonly server: string;
  readonly tool: string;
  /** The text of the argument list. */
  readonly args: string;
  /** A name that the program does not have. */
  readonly fresh: string;
  readonly site: CallSite;
  readonly program: string;
}

/** The arguments' properties as texts, when all of them are literals and can be moved. */
function movable({ site, program }: CallParts): { key: string; value: string }[] | undefined {
  if (!site.closed || site.properties === undefined || site.properties.length === 0) return undefined;
  const own = site.properties.map(({ key, value }) => ({
    key,
    value: program.slice(value.start, value.end),
  }));
  return own.every(({ value }) => /^("[^"]*"|\d+|true|false)$/.test(value)) ? own : undefined;
}

const written = (properties: readonly { key: string; value: string }[]): string =>
  properties.map(({ key, value }) => `${key}: ${value}`).join(", ");

/** Arguments that an object gets only after it was made: `make` tells how, from its name and the properties. */
const filledLater =
  (
    make: (
      name: string,
      properties: string,
      first: { key: string; value: string },
    ) => [head: string, value: string],
  ): Rewrite =>
  (parts) => {
    const own = movable(parts);
    if (own === undefined) return undefined;
    const [head, value] = make(parts.fresh, written(own.slice(1)), own[0]!);
    return { head, call: `${parts.server}.${parts.tool}(${value})` };
  };

/** Rewrites of a call, by what they do. */
export const CALL_REWRITES: Readonly<Record<string, Rewrite>> = {
  "alias of the server": ({ server, tool, args, fresh }) => ({
    head: `const ${fresh} = ${server};`,
    call: `${fresh}.${tool}(${args})`,
  }),
  "typed alias of the server": ({ server, tool, args, fresh }) => ({
    head: `const ${fresh}: any = ${server};`,
    call: `${fresh}.${tool}(${args})`,
  }),
  "server in a variable that changes": ({ server, tool, args, fresh }) => ({
    head: `let ${fresh}; ${fresh} = ${server};`,
    call: `${fresh}.${tool}(${args})`,
  }),
  "destructured tool": ({ server, tool, args, fresh }) => ({
    head: `const { ${tool}: ${fresh} } = ${server};`,
    call: `${fresh}(${args})`,
  }),
  "tool in a variable": ({ server, tool, args, fresh }) => ({
    head: `const ${fresh} = ${server}.${tool};`,
    call: `${fresh}(${args})`,
  }),
  "tool in an object": ({ server, tool, args, fresh }) => ({
    head: `const ${fresh} = { run: ${server}.${tool} };`,
    call: `${fresh}.run(${args})`,
  }),
  "rest of a server": ({ server, tool, args, fresh }) => ({
    head: `const { ...${fresh} } = ${server};`,
    call: `${fresh}.${tool}(${args})`,
  }),
  "computed name": ({ server, tool, args }) => ({ call: `${server}["${tool}"](${args})` }),
  "name in a variable": ({ server, tool, args, fresh }) => ({
    head: `const ${fresh} = "${tool}";`,
    call: `${server}[${fresh}](${args})`,
  }),
  "name that is put together": ({ server, tool, args, fresh }) => ({
    head: `const ${fresh} = ["${tool.slice(0, 3)}", "${tool.slice(3)}"].join("");`,
    call: `${server}[${fresh}](${args})`,
  }),
  "optional chain": ({ server, tool, args }) => ({ call: `${server}?.${tool}?.(${args})` }),
  "cast server": ({ server, tool, args }) => ({ call: `(${server} as any).${tool}(${args})` }),
  "cast tool": ({ server, tool, args }) => ({ call: `(${server}.${tool} as any)(${args})` }),
  "non-null server": ({ server, tool, args }) => ({ call: `${server}!.${tool}!(${args})` }),
  "type arguments": ({ server, tool, args }) => ({ call: `${server}.${tool}<any>(${args})` }),
  "a comma": ({ server, tool, args }) => ({ call: `(0, ${server}.${tool})(${args})` }),
  "call by name": ({ server, tool, args }) => ({ call: `tools.call("${server}.${tool}", ${args || "{}"})` }),
  "call by a name in a variable": ({ server, tool, args, fresh }) => ({
    head: `let ${fresh} = "${server}."; ${fresh} += "${tool}";`,
    call: `tools.call(${fresh}, ${args || "{}"})`,
  }),
  "computed call by name": ({ server, tool, args }) => ({
    call: `tools["call"]("${server}.${tool}", ${args || "{}"})`,
  }),
  "destructured call by name": ({ server, tool, args, fresh }) => ({
    head: `const { call: ${fresh} } = tools;`,
    call: `${fresh}("${server}.${tool}", ${args || "{}"})`,
  }),
  "call by name in a variable": ({ server, tool, args, fresh }) => ({
    head: `const ${fresh} = tools.call;`,
    call: `${fresh}("${server}.${tool}", ${args || "{}"})`,
  }),
  "bound call by name": ({ server, tool, args }) => ({
    call: `tools.call.bind(tools, "${server}.${tool}")(${args || "{}"})`,
  }),
  "alias of tools": ({ server, tool, args, fresh }) => ({
    head: `const ${fresh} = tools;`,
    call: `${fresh}.call("${server}.${tool}", ${args || "{}"})`,
  }),
  "spread call by name": ({ server, tool, args }) => ({
    call: `tools.call(...["${server}.${tool}", ${args || "{}"}])`,
  }),
  "helper that takes a tool": ({ server, tool, args, fresh }) => ({
    head: `async function ${fresh}(tool, ...rest) { return await tool(...rest); }`,
    call: `${fresh}(${server}.${tool}, ${args || "{}"})`,
  }),
  "helper that takes a server": ({ server, tool, args, fresh }) => ({
    head: `const ${fresh} = (server, name, args) => server[name](args);`,
    call: `${fresh}(${server}, "${tool}", ${args || "{}"})`,
  }),
  "helper of one tool": ({ server, tool, args, fresh }) => ({
    head: `const ${fresh} = async (args) => { const got = await ${server}.${tool}(args); return got; };`,
    call: `${fresh}(${args || "{}"})`,
  }),
  "bound tool": ({ server, tool, args }) => ({ call: `${server}.${tool}.bind(null)(${args})` }),
  "applied tool": ({ server, tool, args }) => ({ call: `${server}.${tool}.apply(null, [${args}])` }),
  "tool of a list": ({ server, tool, args }) => ({ call: `[${server}][0].${tool}(${args})` }),
  "default of a parameter": ({ server, tool, args, fresh }) => ({
    head: `const ${fresh} = (args, server = ${server}) => server.${tool}(args);`,
    call: `${fresh}(${args || "{}"})`,
  }),
  "class with a server": ({ server, tool, args, fresh }) => ({
    head: `class ${fresh} { server = ${server}; run(args) { return this.server.${tool}(args); } }`,
    call: `new ${fresh}().run(${args || "{}"})`,
  }),
  "result through a promise": ({ server, tool, args }) => ({
    call: `Promise.resolve(${server}.${tool}(${args}))`,
  }),
  "result through then": ({ server, tool, args }) => ({
    call: `${server}.${tool}(${args}).then((value) => value)`,
  }),
  "spread arguments": ({ server, tool, args }) =>
    args === "" ? undefined : { call: `${server}.${tool}({ ...${args} })` },
  "arguments in a function": ({ server, tool, args }) =>
    args === "" ? undefined : { call: `${server}.${tool}((() => { const all = ${args}; return all; })())` },
  "arguments copied": ({ server, tool, args }) =>
    args === "" ? undefined : { call: `${server}.${tool}(structuredClone(${args}))` },
  "arguments cast": ({ server, tool, args }) =>
    args === "" ? undefined : { call: `${server}.${tool}(${args} as any)` },
  "arguments with more that is not there": ({ server, tool, args }) =>
    args === "" ? undefined : { call: `${server}.${tool}({ ...${args}, note: undefined })` },
  "arguments assigned": filledLater((name, rest, { key, value }) => [
    `const ${name} = { ${rest} }; ${name}.${key} = ${value};`,
    name,
  ]),
  "arguments assigned by a computed name": filledLater((name, rest, { key, value }) => [
    `const ${name} = { ${rest} }; ${name}["${key}"] = ${value};`,
    name,
  ]),
  "arguments assigned through an alias": filledLater((name, rest, { key, value }) => [
    `const ${name} = { ${rest} }; const ${name}b = ${name}; ${name}b.${key} = ${value};`,
    name,
  ]),
  "arguments assigned by Object.assign": filledLater((name, rest, { key, value }) => [
    `const ${name} = { ${rest} }; Object.assign(${name}, { ${key}: ${value} });`,
    name,
  ]),
  "arguments assigned by Reflect": filledLater((name, rest, { key, value }) => [
    `const ${name} = { ${rest} }; Reflect.set(${name}, "${key}", ${value});`,
    name,
  ]),
  "arguments filled by a function": filledLater((name, rest, { key, value }) => [
    `const ${name} = { ${rest} }; function fill${name}(o) { o.${key} = ${value}; } fill${name}(${name});`,
    name,
  ]),
  "arguments filled by a method": filledLater((name, rest, { key, value }) => [
    `const ${name} = { ${rest} }; const m${name} = { fill(o) { o.${key} = ${value}; } }; m${name}.fill(${name});`,
    name,
  ]),
  "arguments inside an object": filledLater((name, rest, { key, value }) => [
    `const ${name} = { args: { ${rest} } }; ${name}.args.${key} = ${value};`,
    `${name}.args`,
  ]),
  "arguments taken out of an object": filledLater((name, rest, { key, value }) => [
    `const ${name} = { args: { ${rest} } }; const { args: ${name}b } = ${name}; ${name}b.${key} = ${value};`,
    `${name}.args`,
  ]),
  "arguments put into an object": filledLater((name, rest, { key, value }) => [
    `const ${name} = { ${rest} }; const b${name} = { args: ${name} }; b${name}.args.${key} = ${value};`,
    name,
  ]),
  "arguments in a list": filledLater((name, rest, { key, value }) => [
    `const ${name} = [{ ${rest} }]; ${name}[0].${key} = ${value};`,
    `${name}[0]`,
  ]),
  "arguments filled in a loop": filledLater((name, rest, { key, value }) => [
    `const ${name} = [{ ${rest} }]; for (const one of ${name}) one.${key} = ${value};`,
    `${name}[0]`,
  ]),
  "arguments filled in a callback": filledLater((name, rest, { key, value }) => [
    `const ${name} = [{ ${rest} }]; ${name}.forEach((one) => { one.${key} = ${value}; });`,
    `${name}[0]`,
  ]),
  "arguments filled in what a filter gives": filledLater((name, rest, { key, value }) => [
    `const ${name} = [{ ${rest} }]; ${name}.filter(Boolean).forEach((one) => { one.${key} = ${value}; });`,
    `${name}[0]`,
  ]),
  "arguments filled in a spread list": filledLater((name, rest, { key, value }) => [
    `const ${name} = [{ ${rest} }]; for (const one of [...${name}]) one.${key} = ${value};`,
    `${name}[0]`,
  ]),
  "arguments filled where they are used": (parts) => {
    const own = movable(parts);
    if (own === undefined) return undefined;
    const { key, value } = own[0]!;
    const fill = `one.${key} = ${value}; return ${parts.server}.${parts.tool}(one);`;
    return { call: `[{ ${written(own.slice(1))} }].map((one) => { ${fill} })[0]` };
  },
  "arguments returned and filled": filledLater((name, rest, { key, value }) => [
    `const ${name} = { ${rest} }; const get${name} = () => { return ${name}; }; get${name}().${key} = ${value};`,
    name,
  ]),
  "arguments chosen": filledLater((name, rest, { key, value }) => [
    `const ${name} = { ${rest} }; (Date.now() > 0 ? ${name} : {}).${key} = ${value};`,
    name,
  ]),
  "arguments in a map": filledLater((name, rest, { key, value }) => [
    `const ${name} = { ${rest} }; const m${name} = new Map([["a", ${name}]]); m${name}.get("a").${key} = ${value};`,
    name,
  ]),
  "arguments pushed": filledLater((name, rest, { key, value }) => [
    `const ${name} = { ${rest} }; const l${name} = []; l${name}.push(${name}); l${name}[0].${key} = ${value};`,
    name,
  ]),
  "arguments in a variable that changes": filledLater((name, rest, { key, value }) => [
    `let ${name} = { ${rest} }; ${name} = { ...${name}, ${key}: ${value} };`,
    name,
  ]),
  "literals in variables, shorthand": (parts) => {
    const own = movable(parts);
    const names = own?.map(({ key }) => key) ?? [];
    const taken = names.some(
      (key) =>
        !/^(?!function)\w+$/.test(key) ||
        new RegExp(`\\b(const|let|async|function|\\{|,|\\[|\\()\\s*${key}\\b`).test(parts.program),
    );
    if (own === undefined || taken) return undefined;
    return {
      head: own.map(({ key, value }) => `const ${key} = ${value};`).join(" "),
      call: `${parts.server}.${parts.tool}({ ${names.join(", ")} })`,
    };
  },
};

/** A program with one of its calls rewritten. */
export interface Rewritten {
  readonly rewrite: string;
  readonly code: string;
}

/** A program with each of its plain calls rewritten in a way; nothing where the way does not fit. `prefix` begins new names. */
export async function rewritten(program: string, catalogue: Catalogue, prefix = "own"): Promise<Rewritten[]> {
  const sites = await callSites(program, catalogue);
  return sites.flatMap((site, index) =>
    Object.entries(CALL_REWRITES).flatMap(([rewrite, write]) => {
      const made = write({
        server: site.tool.namespace,
        tool: program.slice(site.name.start, site.name.end),
        args: program.slice(site.args.start, site.args.end),
        fresh: `${prefix}${index}`,
        site,
        program,
      });
      if (made === undefined) return [];
      return [{ rewrite, code: `${made.head ?? ""}${replaced(program, site, made.call)}` }];
    }),
  );
}

/** Rewrites of a whole program that do the same. */
export const PROGRAM_REWRITES: Readonly<Record<string, (program: string) => string>> = {
  "in a function": (program) => `async function main() {\n${program}\n}\nreturn await main();`,
  "in a function that is called at once": (program) => `return await (async () => {\n${program}\n})();`,
  "with an enum": (program) => `enum Colour { Red, Green }\n${program}`,
  "in markdown": (program) => `\`\`\`ts\n${program}\n\`\`\``,
  "in a try": (program) => `try {\n${program}\n} catch (error) {\nreturn error.constructor.name;\n}`,
  "in a loop": (program) => `for (const round of [1]) {\n${program}\n}`,
};
