/*
 * Draws the report from the JSON in the page. All text goes in as text: no markup is ever made from
 * a string.
 */
(function () {
  'use strict';

  const data = JSON.parse(document.getElementById('data').textContent);
  document.title = data.name;
  say('title', data.name);
  say('summary', data.summary + '.');
  data.suggestions.forEach((suggestion) => {
    const item = document.createElement('li');
    item.textContent = suggestion;
    document.getElementById('suggestions').appendChild(item);
  });
  data.plots.forEach((plot) => figure(document.getElementById('plots'), plot));

{{words.js}}
{{plots.js}}
{{legend.js}}
{{figures.js}}
})();
