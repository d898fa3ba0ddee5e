/*
 * Draws the report from the JSON in the page. All text goes in as text: no markup is ever made from
 * a string.
 */
(function () {
  'use strict';

  const data = JSON.parse(document.getElementById('data').textContent);
  say('summary', data.summary + '.');
  table('runs', columns(data.figures), data.runs);
  if (data.differences.length > 0) {
    table('differences', columns(['key', ...data.runs.map((run) => run[0])]), data.differences);
  } else {
    hide('different');
  }
  data.plots.forEach((plot) => figure(document.getElementById('plots'), plot));

{{words.js}}
{{plots.js}}
{{legend.js}}
{{figures.js}}
{{table.js}}
  /** Of rows that have their values in the order of the names. */
  function columns(names) {
    return names.map((name, place) => ({ name, value: (row) => row[place] }));
  }
})();
