import type { CallPair } from "../call-pair.ts";

export const sequentialThinkingPairs = (): CallPair[] => [
  {
    tool: "sequentialthinking",
    first: { thought: "First", nextThoughtNeeded: true, thoughtNumber: 1, totalThoughts: 2 },
    second: {
      thought: "Another way",
      nextThoughtNeeded: false,
      thoughtNumber: 2,
      totalThoughts: 2,
      branchFromThought: 1,
      branchId: "b",
    },
  },
];

export const sqlitePairs = (): CallPair[] => [
  {
    tool: "list_tables",
    first: {},
    second: {},
    between: [["create_table", { query: "CREATE TABLE more (n)" }]],
  },
  { tool: "describe_table", first: { table_name: "orders" }, second: { table_name: "customers" } },
  {
    tool: "read_query",
    first: { query: "SELECT id, status, total_cents FROM orders LIMIT 3" },
    second: { query: "SELECT city, COUNT(*) AS customers FROM customers GROUP BY city" },
  },
  {
    tool: "create_table",
    first: { query: "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)" },
    second: { query: "CREATE TABLE tags (name TEXT)" },
  },
  {
    tool: "write_query",
    first: { query: "INSERT INTO notes (text) VALUES ('one'), ('two')" },
    second: { query: "DELETE FROM notes WHERE id = 99" },
  },
];

export const redisPairs = (): CallPair[] => [
  { tool: "set", first: { key: "a", value: "1" }, second: { key: "b", value: '{"n":1}', expireSeconds: 60 } },
  {
    tool: "get",
    first: { key: "word" },
    second: { key: "sentence" },
    before: [
      ["set", { key: "word", value: "hello" }],
      ["set", { key: "sentence", value: "a longer text, with a comma" }],
    ],
  },
  { tool: "list", first: { pattern: "*" }, second: { pattern: "none*" } },
  { tool: "delete", first: { key: "a" }, second: { key: ["b", "none"] } },
];

export const postgresPairs = (): CallPair[] => [
  {
    tool: "query",
    first: { sql: "SELECT n, n * n AS square FROM generate_series(1, 3) AS n" },
    second: { sql: "SELECT datname AS name, datallowconn FROM pg_database" },
  },
];
