/* Sorts and filters the tables marked data-sort. The page is complete without it. */
for (const table of document.querySelectorAll("table[data-sort]")) {
  const body = table.tBodies[0], rows = [...body.rows], heads = [...table.tHead.rows[0].cells];
  const key = (row, i) => {
    const k = (row.dataset.k || "").split("|")[i];
    return k ? (k == "?" ? null : +k) : row.cells[i].textContent.trim();
  };
  heads.forEach((head, i) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.onclick = () => {
      const up = head.ariaSort ? head.ariaSort == "descending" : head.className == "t";
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      head.ariaSort = up ? "ascending" : "descending";
      const keyed = rows.map((row) => [key(row, i), row]);
      keyed.sort(([a], [b]) => a === b ? 0 : a === null ? 1 : b === null ? -1 :
        (up ? 1 : -1) * (typeof a == "string" ? a.localeCompare(b) : a - b));
      body.append(...keyed.map((k) => k[1]));
    };
  });
  const find = table.closest("figure").querySelector(".find");
  if (find) {
    const [input, output] = find.querySelectorAll("input,output");
    find.hidden = false;
    input.oninput = () => {
      const words = input.value.toLowerCase();
      let n = 0;
      for (const row of rows) n += !(row.hidden = !row.textContent.toLowerCase().includes(words));
      output.value = find.dataset.found.replace("#", n);
    };
  }
}
