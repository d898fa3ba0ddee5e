  function heading(column, columns, rows, head, body) {
    const cell = document.createElement('th');
    const button = cell.appendChild(document.createElement('button'));
    button.type = 'button';
    button.textContent = column.name;
    button.addEventListener('click', () => {
      const direction = cell.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
      [...head.cells].forEach((other) => other.removeAttribute('aria-sort'));
      cell.setAttribute('aria-sort', direction > 0 ? 'ascending' : 'descending');
      fill(body, columns, [...rows].sort(by(column.value, direction)));
    });
    return cell;
  }

  /** Numbers, then text, then what is absent, whichever the direction. */
  function by(value, direction) {
    const kind = (x) => (typeof x === 'number' ? 0 : x === null || x === undefined ? 2 : 1);
    return (left, right) => {
      const a = value(left);
      const b = value(right);
      return kind(a) - kind(b) || direction * (a < b ? -1 : a > b ? 1 : 0);
    };
  }

  /** A row of cells for each; what a column shows of a value may be another text. */
  function fill(body, columns, rows) {
    body.replaceChildren(
      ...rows.map((values) => {
        const row = document.createElement('tr');
        columns.forEach((column) => {
          const value = column.value(values);
          const cell = row.insertCell();
          cell.textContent = column.shown ? column.shown(value) : format(value);
          cell.title = value === null || value === undefined ? '' : String(value);
          cell.className = typeof value === 'number' || column.shown ? 'number' : '';
        });
        return row;
      }));
  }

  /** Fills a table, which is hidden if there are no rows. */
  function table(id, columns, rows) {
    const element = document.getElementById(id);
    element.replaceChildren();
    element.hidden = rows.length === 0;
    const head = element.createTHead().insertRow();
    const body = element.createTBody();
    columns.forEach((column) => {
      const cell = head.appendChild(heading(column, columns, rows, head, body));
      cell.className = column.shown ? 'number' : '';
    });
    fill(body, columns, rows);
  }
