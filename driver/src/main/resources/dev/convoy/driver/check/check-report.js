/*
 * Draws the report from the JSON in the page. All text goes in as text: no markup is ever made from
 * a string.
 */
(function () {
  'use strict';

  const data = JSON.parse(document.getElementById('data').textContent);
  document.title = 'Check of ' + data.name;
  say('title', 'Check of ' + data.name);
  say('summary', data.summary + '.');
  data.checks.forEach(draw);

{{words.js}}
{{plots.js}}
{{legend.js}}
{{figures.js}}
  function draw(check) {
    const section = document.getElementById('checks').appendChild(document.createElement('section'));
    const head = section.appendChild(document.createElement('h2'));
    const word = head.appendChild(document.createElement('span'));
    word.className = 'word ' + check.verdict;
    word.textContent = check.verdict;
    head.append(check.check);
    const paragraph = (text, name) => {
      const element = section.appendChild(document.createElement('p'));
      element.textContent = text;
      element.className = name;
    };
    paragraph(check.figure + '. Expected: ' + check.expected + '.', '');
    if (check.advice) {
      paragraph('What to do: ' + check.advice + '.', 'advice');
    }
    paragraph(check.meaning + ' (' + check.source + ')', '');
    const grid = section.appendChild(document.createElement('div'));
    grid.className = check.plots.length > 1 ? 'grid' : '';
    check.plots.forEach((plot) => figure(grid, plot));
  }
})();
