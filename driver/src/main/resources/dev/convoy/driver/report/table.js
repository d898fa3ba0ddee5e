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
