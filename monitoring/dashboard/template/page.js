(() => {
  const rowsOf = (table) => [...table.tBodies[0].rows];

  // what a cell is sorted by: a number where it begins with one (units of volume told apart), else its text
  const units = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
  const keyOf = (row, index) => {
    const text = (row.cells[index]?.textContent ?? "").trim();
    const match = /^[<>+]?\s*([−-]?[\d,]+(?:\.\d+)?)\s*(kB|MB|GB|TB|B)?/.exec(text);
    if (match === null) return text.toLowerCase();
    return Number(match[1].replaceAll(",", "").replace("−", "-")) * (units[match[2]] ?? 1);
  };
  const compare = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
    return typeof a === "number" ? 1 : -1;
  };

  const sortBy = (table, header, index) => {
    const down = header.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const keyed = rowsOf(table).map((row) => [keyOf(row, index), row]);
    keyed.sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)));
    table.tBodies[0].append(...keyed.map(([, row]) => row));
  };

  for (const table of document.querySelectorAll("table[data-sort]")) {
    [...table.tHead.rows[0].cells].forEach((header, index) => {
      if ("plain" in header.dataset) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      button.addEventListener("click", () => sortBy(table, header, index));
      header.append(button);
    });
  }

  const filter = (id) => {
    const table = document.getElementById(id);
    const words = document.querySelector(`[data-search="${id}"]`).value.toLowerCase();
    const choice = document.querySelector(`[data-filter="${id}"]`);
    let shown = 0;
    for (const row of rowsOf(table)) {
      const fits = choice.value === "" || row.dataset[choice.dataset.column] === choice.value;
      row.hidden = !(fits && row.textContent.toLowerCase().includes(words));
      if (!row.hidden) shown += 1;
    }
    document.querySelector(`[data-count="${id}"]`).textContent = `${shown} of ${rowsOf(table).length} lines`;
  };

  for (const tools of document.querySelectorAll(".tools")) {
    tools.hidden = false;
    for (const input of tools.querySelectorAll("[data-search], [data-filter]")) {
      const id = input.dataset.search ?? input.dataset.filter;
      input.addEventListener("input", () => filter(id));
    }
  }
})();
