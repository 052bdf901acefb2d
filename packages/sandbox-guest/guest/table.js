// console.table as text.

const TABLE_ROWS = 200;
const TABLE_CELL = 60;

/** @param {any} data @param {any} [columns] */
function formatTable(data, columns) {
  if (typeof data !== "object" || data === null) {
    return inspect(data, true);
  }
  try {
    return tableOf(data, isArray(columns) ? columns : undefined);
  } catch {
    return inspect(data);
  }
}

/** @param {any} data @param {any[] | undefined} columns */
function tableOf(data, columns) {
  const rowKeys = objectKeys(data);
  /** @type {string[]} */
  const heads = setPrototypeOf([], null);
  heads[0] = "(index)";
  const known = setPrototypeOf({}, null);
  let values = false;
  const count = rowKeys.length < TABLE_ROWS ? rowKeys.length : TABLE_ROWS;
  for (let i = 0; i < count; i++) {
    const row = data[/** @type {string} */ (rowKeys[i])];
    if (typeof row !== "object" || row === null) {
      values = true;
      continue;
    }
    const keys = columns ?? objectKeys(row);
    for (let k = 0; k < keys.length && heads.length < 30; k++) {
      const key = toText(keys[k]);
      if (known[key] === undefined) {
        known[key] = true;
        heads[heads.length] = key;
      }
    }
  }
  const rows = setPrototypeOf([], null);
  for (let i = 0; i < count; i++) {
    rows[i] = tableRow(data, /** @type {string} */ (rowKeys[i]), heads, values);
  }
  if (values) {
    heads[heads.length] = "Values";
  }
  return (
    drawTable(heads, rows) +
    (rowKeys.length > count ? "\n... " + (rowKeys.length - count) + " more rows" : "")
  );
}

/** @param {any} data @param {string} key @param {string[]} heads @param {boolean} values */
function tableRow(data, key, heads, values) {
  const row = data[key];
  const cells = setPrototypeOf([], null);
  cells[0] = key;
  const plain = typeof row !== "object" || row === null;
  for (let h = 1; h < heads.length; h++) {
    const head = /** @type {string} */ (heads[h]);
    cells[h] = plain || !hasOwn(row, head) ? "" : clip(inspect(row[head]), TABLE_CELL);
  }
  if (values) {
    cells[heads.length] = plain ? clip(inspect(row), TABLE_CELL) : "";
  }
  return cells;
}

/** @param {string[]} heads @param {string[][]} rows */
function drawTable(heads, rows) {
  const widths = setPrototypeOf([], null);
  for (let c = 0; c < heads.length; c++) {
    widths[c] = /** @type {string} */ (heads[c]).length;
    for (let r = 0; r < rows.length; r++) {
      const length = /** @type {any} */ (rows[r])[c].length;
      if (length > widths[c]) {
        widths[c] = length;
      }
    }
  }
  /** @param {any} cells */
  const line = (cells) => {
    let text = "|";
    for (let c = 0; c < heads.length; c++) {
      text += " " + stringPadEnd(cells[c], widths[c]) + " |";
    }
    return text;
  };
  let rule = "|";
  for (let c = 0; c < heads.length; c++) {
    rule += stringRepeat("-", widths[c] + 2) + "|";
  }
  let text = line(heads) + "\n" + rule;
  for (let r = 0; r < rows.length; r++) {
    text += "\n" + line(rows[r]);
  }
  return text;
}
