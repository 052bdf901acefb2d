import type { CallPair, PairPlaces, ToolCall } from "../call-pair.ts";

/** Selectors stand for what a snapshot would name. */
export function playwrightPairs({ pagesUrl, files }: PairPlaces): CallPair[] {
  const stock: ToolCall = ["browser_navigate", { url: `${pagesUrl}/stock.html` }];
  const form: ToolCall = ["browser_navigate", { url: `${pagesUrl}/form.html` }];
  const chooseFile: ToolCall = ["browser_click", { target: "#file" }];
  const ask: ToolCall = ["browser_click", { target: "#ask" }];
  const uploaded = { paths: [`${files}/pixel.png`] };
  const field = (name: string, value: string) => ({ target: `#${name}`, name, type: "textbox", value });
  return [
    { tool: "browser_navigate", first: stock[1], second: form[1] },
    { tool: "browser_navigate_back", first: {}, second: {}, between: [form] },
    { tool: "browser_snapshot", first: {}, second: {}, before: [stock], between: [form] },
    { tool: "browser_resize", first: { width: 800, height: 600 }, second: { width: 1_024, height: 768 } },
    { tool: "browser_console_messages", first: { level: "info" }, second: { level: "error", all: true } },
    { tool: "browser_network_requests", first: { static: true }, second: { static: false } },
    { tool: "browser_network_request", first: { index: 1 }, second: { index: 1, part: "response-headers" } },
    {
      tool: "browser_evaluate",
      first: { function: "() => document.title" },
      second: { function: "() => [...document.images].length" },
    },
    { tool: "browser_emulate_media", first: { colorScheme: "dark" }, second: { media: "print" } },
    {
      tool: "browser_find",
      first: { text: "Lamp" },
      second: { regex: "Chair|Table" },
      before: [stock],
    },
    {
      tool: "browser_take_screenshot",
      first: { type: "png" },
      second: { type: "jpeg", fullPage: true },
    },
    { tool: "browser_click", first: { target: "#count" }, second: { target: "#name" }, before: [form] },
    { tool: "browser_hover", first: { target: "#count" }, second: { target: "#name" } },
    {
      tool: "browser_type",
      first: { target: "#name", text: "Ada" },
      second: { target: "#name", text: "Ben", slowly: true },
    },
    { tool: "browser_press_key", first: { key: "Tab" }, second: { key: "a" } },
    {
      tool: "browser_fill_form",
      first: { fields: [field("name", "Cleo")] },
      second: { fields: [field("name", "Dora"), field("mail", "dora@example.org")] },
    },
    {
      tool: "browser_select_option",
      first: { target: "#city", values: ["oslo"] },
      second: { target: "#city", values: ["lyon"] },
    },
    {
      tool: "browser_drag",
      first: { startTarget: "#count", endTarget: "#name" },
      second: { startTarget: "#name", endTarget: "#count" },
    },
    {
      tool: "browser_drop",
      first: { target: "#name", data: { "text/plain": "dropped" } },
      second: { target: "#mail", data: { "text/plain": "again" } },
    },
    {
      tool: "browser_file_upload",
      first: uploaded,
      second: uploaded,
      before: [chooseFile],
      between: [chooseFile],
    },
    {
      tool: "browser_handle_dialog",
      first: { accept: true },
      second: { accept: false },
      before: [ask],
      between: [ask],
    },
    { tool: "browser_wait_for", first: { text: "Form" }, second: { time: 0.1 } },
    {
      tool: "browser_run_code_unsafe",
      first: { code: "async (page) => page.url()" },
      second: { code: "async (page) => ({ title: await page.title() })" },
    },
    { tool: "browser_tabs", first: { action: "list" }, second: { action: "new" } },
    { tool: "browser_close", first: {}, second: {} },
  ];
}
