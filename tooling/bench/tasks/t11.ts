import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchTask, Situation } from "../src/tasks/bench-task.ts";

const csvFile = ({ files }: Situation): string => join(files, "low.csv");

const csv = ({ articles }: Situation): string[] => {
  const low = articles.filter(({ stock }) => stock < 5);
  return ["sku,name,stock", ...low.map(({ sku, name, stock }) => `${sku},${name},${stock}`)];
};

export const T11: BenchTask = {
  id: "T11",
  servers: ["playwright", "filesystem"],
  request: (situation) =>
    `Write the articles of the table on ${situation.stockUrl} with under 5 in stock to ${csvFile(situation)}, as CSV with the columns ` +
    "sku, name, stock and a heading, and tell me how many there are.",
  searches: ["navigate the browser to a URL; evaluate JavaScript on the page; write a file"],
  probes: ({ stockUrl }) => [
    {
      code: `
await playwright.browser_navigate({ url: ${JSON.stringify(stockUrl)} });
return await playwright.browser_evaluate({ function: "() => document.querySelector('table').outerHTML.slice(0, 200)" });
`.trim(),
      tools: [],
    },
  ],
  program: (situation) =>
    `
await playwright.browser_navigate({ url: ${JSON.stringify(situation.stockUrl)} });
const text = await playwright.browser_evaluate({
  function: "() => [...document.querySelectorAll('tbody tr')].map(r => [...r.cells].map(c => c.textContent))",
});
const rows = JSON.parse(text.match(/### Result\\n([^]*?)\\n###/)[1]);
const low = rows.filter((row) => Number(row[2]) < 5);
await filesystem.write_file({
  path: ${JSON.stringify(csvFile(situation))},
  content: ["sku,name,stock", ...low.map((row) => row.slice(0, 3).join(","))].join("\\n"),
});
return low.length;
`.trim(),
  expected: (situation) => csv(situation).length - 1,
  problem: async (situation) => {
    const written = await readFile(csvFile(situation), "utf8");
    return written.trimEnd() === csv(situation).join("\n") ? undefined : "the CSV file says something else";
  },
};
