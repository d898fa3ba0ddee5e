/*
 * Draws the report from the JSON in the page. All text goes in as text: no markup is ever made from
 * a string.
 */
(function () {
  'use strict';

  const data = JSON.parse(document.getElementById('data').textContent);
  say('summary', data.summary + '.');
  table('runs', data.figures, data.runs);
  if (data.differences.length > 0) {
    table('differences', ['key', ...data.runs.map((run) => run[0])], data.differences);
  } else {
    hide('different');
  }
  data.plots.forEach((plot) => figure(document.getElementById('plots'), plot));

{{words.js}}
{{plots.js}}
{{legend.js}}
{{figures.js}}
{{table.js}}
  function table(id, names, rows) {
    const element = document.getElementById(id);
    const head = element.createTHead().insertRow();
    const body = element.createTBody();
    const columns = names.map((name, place) => ({ name, value: (row) => row[place] }));
    columns.forEach((column) => head.appendChild(heading(column, columns, rows, head, body)));
    fill(body, columns, rows);
  }

  function fill(body, columns, rows) {
    body.replaceChildren(
      ...rows.map((values) => {
        const row = document.createElement('tr');
        columns.forEach((column) => {
          const value = column.value(values);
          const cell = row.insertCell();
          cell.textContent = format(value);
          cell.className = typeof value === 'number' ? 'number' : '';
        });
        return row;
      }));
  }
})();
