/*
 * Draws the report from the JSON in the page, for one set of images at a time. All text goes in as
 * text: no markup is ever made from a string.
 */
(function () {
  'use strict';

  // Numbers stand in the cells of a matrix that is no larger than this.
  const MOST_LABELLED = 12;
  // Names stand at an axis of a matrix up to so many, else at every so many-th.
  const MOST_NAMES = 45;
  const CELL = 30;
  const LARGEST_MATRIX = 980;
  const MEASURES = [
    { key: 'disagreement', name: 'disagreement', means: 'share of images that two members take for different classes' },
    { key: 'yules-q', name: 'Yule’s Q', means: 'from −1 (right where the other is wrong) over 0 (independent) to 1 (right on the same images)' },
    { key: 'double-fault', name: 'double fault', means: 'share of images that both take for a wrong class' },
    { key: 'divergence', name: 'Jensen–Shannon divergence', means: 'between their probabilities, in nats, from 0 to ln 2' },
  ];
  const NOTHING = 'No image of this set was answered.';
  const FIGURES = [
    { name: 'accuracy', title: 'accuracy', of: (scores) => scores.accuracy, brief: 'accuracy', shown: (share) => percent(share, 2), best: Math.max },
    { name: 'accuracy, five most probable', title: 'top five', of: (scores) => scores['top-five-accuracy'], shown: (share) => percent(share, 2), best: Math.max },
    { name: 'loss (negative log-likelihood, nats)', title: 'loss', of: (scores) => scores['negative-log-likelihood'], brief: 'loss', shown: (value) => number(value, 4), best: Math.min },
    { name: 'Brier score', title: 'Brier', of: (scores) => scores.brier, brief: 'brier', shown: (value) => number(value, 4), best: Math.min },
    { name: 'calibration error, expected', title: 'calibration error', of: (scores) => scores.calibration['expected-error'], brief: 'calibration-error', shown: (value) => number(value, 4), best: Math.min },
    { name: 'calibration error, largest of a bin', title: 'largest', of: (scores) => scores.calibration['maximum-error'], shown: (value) => number(value, 4), best: Math.min },
  ];

  const data = JSON.parse(document.getElementById('data').textContent);
  const summary = data.summary || {};
  const redraws = [];
  let set = data.sets[0];

  describe();
  if (set) {
    chooseSet();
    section(keyFigures);
    section(members);
    memberCount();
    calibration();
    doubt();
    section(contactSheet);
    confusion();
    section(classes);
    ranking();
    diversity();
    decomposition();
    redraws.forEach((redraw) => redraw());
  } else {
    hide('set-control');
    document.querySelector('main').hidden = true;
  }

  // ---- words ----

{{words.js}}
  function describe() {
    document.title = data.name;
    document.getElementById('title').textContent = data.name;
    const answering = (summary.members || []).length;
    const leftOut = (summary['left-out'] || []).length;
    const combination = summary.combination || {};
    const lines = [
      summary.status ? 'Status: ' + summary.status : '',
      [summary.model, count(answering, 'member') + ' that ' + (answering === 1 ? 'answers' : 'answer'),
        leftOut > 0 ? leftOut + ' left out' : ''].filter(Boolean).join(', '),
      combination.rule
        ? 'Combined by: ' + combination.rule
          + (finite(combination.temperature) && combination.temperature !== 1
            ? ', then a temperature of ' + format(combination.temperature)
            : '')
        : '',
      data.sets.length === 0 ? 'There are no statistics of any images.' : '',
    ];
    const list = document.getElementById('lines');
    lines.filter(Boolean).forEach((line) => {
      list.appendChild(document.createElement('li')).textContent = line;
    });
  }

  function label(index) {
    const name = data.labels[index];
    return name === undefined ? 'class ' + index : name;
  }

  function memberName(index) {
    // With dropout each network answers several times, one after the other.
    const networks = summary.members || [];
    const samples = Math.max(1, Math.round(((summary.combination || {}).members || 0) / networks.length));
    const network = networks[Math.floor(index / samples)];
    return (network === undefined ? index : network.member) + (samples > 1 ? '.' + (index % samples + 1) : '');
  }

  function finite(value) {
    return Number.isFinite(value);
  }

  function percent(share, digits) {
    return finite(share) ? (100 * share).toFixed(digits === undefined ? 1 : digits) + ' %' : '–';
  }

  function number(value, digits) {
    return finite(value) ? value.toFixed(digits === undefined ? 3 : digits) : '–';
  }

  function grouped(whole) {
    return String(whole).replace(/\B(?=(\d{3})+$)/g, '\u202f');
  }

  // ---- sets of images ----

  function chooseSet() {
    const select = document.getElementById('set');
    data.sets.forEach((one) => {
      const option = select.appendChild(document.createElement('option'));
      option.value = one.name;
      option.textContent = one.name;
    });
    const choose = () => {
      set = data.sets.find((one) => one.name === select.value) || data.sets[0];
      redraws.forEach((redraw) => redraw());
    };
    // A browser may keep the choice when the page is loaded again.
    select.value = set.name;
    select.addEventListener('change', choose);
    section(() => {
      const answers = set.answers;
      document.getElementById('set-text').textContent =
        grouped(answers.examples) + ' images'
        + (answers.unanswered > 0
          ? '; ' + grouped(answers.unanswered)
            + ' more that every member was trained on, so that none could be asked'
          : '');
    });
  }

  /** Done now, and anew for every set. */
  function section(draw) {
    redraws.push(draw);
  }

  /** A plot of the set that is shown; hidden where that has nothing for it. */
  function chart(id, available, option) {
    const element = document.getElementById(id);
    // Of plots side by side the heading goes too.
    const whole = element.closest('.pair > div') || element;
    let draw = null;
    redraws.push(() => {
      whole.hidden = !available();
      if (whole.hidden) {
        return;
      }
      if (draw === null) {
        draw = plot(element, () => (available() ? option() : {}));
      } else {
        draw();
      }
      // Where the option has set another height.
      echarts.getInstanceByDom(element).resize();
    });
  }

  function answered() {
    return set.answers.examples > 0;
  }

  // ---- what all plots share ----

{{plots.js}}
{{legend.js}}
  function shareAxis(name, more) {
    return valueAxis(name, {
      min: 0,
      max: 1,
      scale: false,
      nameGap: 32,
      axisLabel: { color: colour('faint'), hideOverlap: true, formatter: (tick) => percent(tick, 0) },
      ...more,
    });
  }

  function categoryAxis(categories, more) {
    return {
      type: 'category',
      data: categories,
      nameTextStyle: { color: colour('faint') },
      axisLabel: { color: colour('faint'), hideOverlap: true },
      axisLine: { lineStyle: { color: colour('rule') } },
      axisTick: { show: false },
      ...more,
    };
  }

  /** An element, not a string: its text cannot become markup. */
  function tip(title, rows) {
    const element = document.createElement('div');
    element.className = 'tip';
    element.appendChild(document.createElement('strong')).textContent = title;
    const list = element.appendChild(document.createElement('dl'));
    rows.forEach(([name, value]) => {
      list.appendChild(document.createElement('dt')).textContent = name;
      list.appendChild(document.createElement('dd')).textContent = value;
    });
    return element;
  }

  /** A matrix of cells [column, row, value, …]; the first row on top. */
  function matrix(names, axisNames, cells, range, value) {
    const labelled = names.length <= MOST_LABELLED;
    const longest = 16;
    const ramp = colours('ramp');
    const axis = (name) => ({
      ...categoryAxis(names, { name, nameLocation: 'middle' }),
      axisLabel: {
        color: colour('faint'),
        interval: Math.ceil(names.length / MOST_NAMES) - 1,
        formatter: (text) => shortened(text, longest),
      },
    });
    const margin = 52 + 7 * Math.min(longest, Math.max(...names.map((name) => name.length)));
    return {
      grid: { left: margin, right: 90, top: 8, bottom: margin },
      tooltip: tooltip((cell) => value.tip(cell.value)),
      xAxis: {
        ...axis(axisNames[0]),
        nameGap: margin - 20,
        axisLabel: { ...axis('').axisLabel, rotate: names.every((name) => name.length <= 3) ? 0 : 90 },
      },
      yAxis: { ...axis(axisNames[1]), inverse: true, nameGap: margin - 16 },
      visualMap: {
        type: 'continuous',
        dimension: 2,
        min: range[0],
        max: range[1] > range[0] ? range[1] : range[0] + 1,
        orient: 'vertical',
        right: 8,
        top: 8,
        itemHeight: 160,
        itemWidth: 10,
        calculable: false,
        text: [value.format(range[1]), value.format(range[0])],
        textStyle: { color: colour('faint') },
        inRange: { color: ramp },
      },
      series: [
        {
          type: 'heatmap',
          progressive: 0,
          data: cells.map((cell) => ({
            value: cell,
            label: {
              color:
                (cell[2] - range[0]) / (range[1] - range[0] || 1) > 0.45
                  ? colour('page')
                  : colour('ink'),
            },
          })),
          label: { show: labelled, formatter: (cell) => value.label(cell.value) },
          itemStyle: { borderColor: colour('card'), borderWidth: names.length <= 40 ? 1 : 0 },
          emphasis: { itemStyle: { borderColor: colour('accent'), borderWidth: 2 } },
        },
      ],
    };
  }

  /** Square cells, with room for names and the scale. */
  function sizeMatrix(id, size) {
    const element = document.getElementById(id);
    const side = Math.min(LARGEST_MATRIX, Math.max(300, size * CELL));
    element.style.height = side + 130 + 'px';
    element.style.width = side + 240 + 'px';
  }

  // ---- tables ----

{{table.js}}

  // ---- the sections ----

  function keyFigures() {
    say(
      'key-text',
      answered()
        ? 'The ensemble beside its members; the mean member is what one would get without an ensemble,'
          + ' the best one what one would get by choosing with hindsight, figure by figure.'
        : NOTHING);
    const before = (summary[set.name] || {})['before-temperature'];
    // Networks that were made of the ensemble.
    const singles = ['average', 'distilled'].filter((name) => summary[name] && summary[name][set.name]);
    const rows = !answered() ? [] : FIGURES.map((figure) => {
      const alone = set.quality.members.map(figure.of).filter(finite);
      return {
        name: figure.name,
        ensemble: figure.shown(figure.of(set.quality.ensemble)),
        before: before && figure.brief ? figure.shown(before[figure.brief]) : '',
        mean: figure.shown(alone.reduce((a, b) => a + b, 0) / alone.length),
        best: figure.shown(alone.length > 0 ? figure.best(...alone) : NaN),
        ...Object.fromEntries(
          singles.map((name) => [name, figure.brief ? figure.shown(summary[name][set.name][figure.brief]) : ''])),
      };
    });
    const shown = (text) => text;
    table(
      'key-table',
      [
        { name: '', value: (row) => row.name },
        { name: 'ensemble', value: (row) => row.ensemble, shown },
        ...(before ? [{ name: 'before temperature', value: (row) => row.before, shown }] : []),
        { name: 'mean member', value: (row) => row.mean, shown },
        { name: 'best member', value: (row) => row.best, shown },
        ...singles.map((name) => ({
          name: name === 'average' ? 'mean of weights' : name,
          value: (row) => row[name],
          shown,
        })),
      ],
      rows);
  }

  function members() {
    say(
      'members-text',
      'Each over the images that it was asked about.',
      (summary['left-out'] || [])
        .map((one) => 'Member ' + one.member + ' was left out (' + one.state
          + (one.reason ? ': ' + one.reason : '') + ').')
        .join(' '));
    const rows = set.quality.members.map((scores, index) => ({ scores, index }));
    table(
      'members-table',
      [
        { name: 'member', value: (row) => memberName(row.index), shown: String },
        { name: 'images', value: (row) => row.scores.examples, shown: grouped },
        ...FIGURES.map((figure) => ({
          name: figure.title,
          value: (row) => figure.of(row.scores),
          shown: (value) => figure.shown(value),
        })),
      ],
      rows);
  }

  function memberCount() {
    const points = () => set['member-count'].points;
    const available = () => answered() && points().length > 1;
    section(() =>
      say(
        'count-text',
        available()
          ? 'The mean of the probabilities of so many members: of the first ones, and the mean over '
            + count(set['member-count'].orders, 'random order') + ' with its standard deviation.'
            + ' Where the curve is flat, more members would bring little.'
          : answered() ? 'There is one member.' : NOTHING));
    const curves = (key, name, shown) => () => {
      const most = key === 'accuracy' ? 1 : Infinity;
      const low = (point) => Math.max(0, point[key].mean - (point[key].deviation || 0));
      const width = (point) => Math.min(most, point[key].mean + (point[key].deviation || 0)) - low(point);
      const x = points().map((point) => point.members);
      const drawn = points().filter((point) => finite(point[key].mean));
      const all = drawn.flatMap((point) => [low(point), low(point) + width(point), point['in-order'][key]]).filter(finite);
      const margin = 0.05 * (Math.max(...all) - Math.min(...all)) || 0.01;
      const edge = (value) => Number(value.toPrecision(3));
      const line = { type: 'line', showSymbol: x.length <= 30, symbolSize: 6 };
      // The band stands on a foot that is not drawn.
      const band = { type: 'line', stack: 'band', symbol: 'none', lineStyle: { opacity: 0 }, silent: true, stackStrategy: 'all' };
      return {
        grid: { left: 72, right: 20, top: 40, bottom: 52 },
        legend: { ...legend(), data: ['random orders', 'in their order'] },
        tooltip: { ...tooltip(), trigger: 'axis', formatter: (items) => {
          const point = points()[items[0].dataIndex];
          return tip(count(point.members, 'member'), [
            ['random orders', shown(point[key].mean) + (finite(point[key].deviation) ? ' ± ' + shown(point[key].deviation) : '')],
            ['in their order', shown(point['in-order'][key])],
          ]);
        } },
        xAxis: categoryAxis(x, { name: 'members', nameLocation: 'middle', nameGap: 28 }),
        yAxis: valueAxis(name, {
          nameGap: 64,
          min: edge(Math.min(...all) - margin),
          max: edge(Math.max(...all) + margin),
          axisLabel: { color: colour('faint'), showMinLabel: false, showMaxLabel: false, formatter: key === 'accuracy' ? (tick) => format(100 * tick) + ' %' : format },
        }),
        series: [
          { ...band, data: points().map(low) },
          { ...band, data: points().map(width), areaStyle: { color: colour('good'), opacity: 0.18 } },
          { ...line, name: 'random orders', data: points().map((point) => point[key].mean), color: colour('good') },
          { ...line, name: 'in their order', symbol: 'rect', lineStyle: { type: 'dashed', width: 1.5 }, data: points().map((point) => point['in-order'][key]), color: colour('bad') },
        ],
      };
    };
    chart('count-accuracy', available, curves('accuracy', 'accuracy', (share) => percent(share, 2)));
    chart('count-loss', available, curves('negative-log-likelihood', 'loss (nats)', number));
  }

  function calibration() {
    const of = () => set.quality.ensemble.calibration;
    section(() => {
      const before = (summary[set.name] || {})['before-temperature'];
      say(
        'calibration-text',
        ...(answered()
          ? [
            'Images by the probability of the class that they are taken for: how often that class is',
            'right (bars), how often it should be (marks), and how many images there are. Expected',
            'calibration error ' + number(of()['expected-error'])
              + (before ? ', ' + number(before['calibration-error']) + ' before the temperature.' : '.'),
          ]
          : [NOTHING]));
    });
    document.getElementById('calibration').style.height = '440px';
    chart('calibration', answered, () => {
      const bins = of().bins;
      const bounds = bins.map((bin, i) =>
        (100 * i / bins.length).toFixed(0) + '–' + (100 * (i + 1) / bins.length).toFixed(0) + ' %');
      const axis = (index, more) => categoryAxis(bounds, { gridIndex: index, ...more });
      return {
        grid: [
          { left: 72, right: 20, top: 36, height: 230 },
          { left: 72, right: 20, top: 292, height: 84 },
        ],
        legend: { ...legend(), data: ['accuracy', 'mean confidence', 'perfect'] },
        tooltip: { ...tooltip(), trigger: 'axis', formatter: (items) => {
          const bin = bins[items[0].dataIndex];
          return tip(bounds[items[0].dataIndex], [
            ['images', grouped(bin.examples)],
            ['accuracy', percent(bin.accuracy)],
            ['mean confidence', percent(bin['mean-confidence'])],
          ]);
        } },
        axisPointer: { link: [{ xAxisIndex: 'all' }] },
        xAxis: [axis(0, { axisLabel: { show: false } }), axis(1, { name: 'confidence', nameLocation: 'middle', nameGap: 30 })],
        yAxis: [
          shareAxis('accuracy', { gridIndex: 0, nameGap: 48 }),
          valueAxis('images', { gridIndex: 1, nameGap: 48, min: 0, scale: false, splitNumber: 2, minInterval: 1 }),
        ],
        series: [
          { name: 'accuracy', type: 'bar', barCategoryGap: '8%', data: bins.map((bin) => bin.accuracy), color: colour('good'), itemStyle: { opacity: 0.8 } },
          { name: 'mean confidence', type: 'line', lineStyle: { opacity: 0 }, symbol: 'diamond', symbolSize: 10, data: bins.map((bin) => bin['mean-confidence']), color: colour('bad') },
          { name: 'perfect', type: 'line', symbol: 'none', lineStyle: { type: 'dashed', width: 1 }, data: bins.map((bin, i) => (i + 0.5) / bins.length), color: colour('third') },
          { name: 'images', type: 'bar', xAxisIndex: 1, yAxisIndex: 1, barCategoryGap: '8%', data: bins.map((bin) => bin.examples), color: colour('third') },
        ],
      };
    });
  }

  function doubt() {
    section(() =>
      say(
        'doubt-text',
        ...(answered()
          ? [
            'The entropy of the ensemble’s answer tells how sure it is. Area under the curve of accuracy',
            'over the share kept: ' + number(set.doubt.rejection.area) + '. The members’ own entropy is',
            'doubt that lies in the images; mutual information is doubt that members differ in, and that',
            'more training images would take away. Members that take an image for another class than the',
            'ensemble does: ' + percent(set.doubt.uncertainty.overall.disagreement) + ', of images it has right '
              + percent(set.doubt.uncertainty['right-answers'].disagreement) + ', of wrong ones '
              + percent(set.doubt.uncertainty['wrong-answers'].disagreement) + '.',
          ]
          : [NOTHING])));
    chart('rejection', answered, () => {
      const points = set.doubt.rejection.points.map((point) => [point['kept-share'], point.accuracy]);
      const lowest = points.reduce((low, point) => Math.min(low, point[1]), 1);
      return {
        grid: { left: 64, right: 24, top: 16, bottom: 48 },
        tooltip: { ...tooltip(), trigger: 'axis', formatter: (items) => tip(
          percent(items[0].value[0], 0) + ' kept', [['accuracy', percent(items[0].value[1])]]) },
        xAxis: shareAxis('share of images kept, the surest first'),
        yAxis: shareAxis('accuracy', { nameGap: 46, min: Math.max(0, Math.floor(10 * lowest - 0.5) / 10) }),
        series: [{ type: 'line', showSymbol: false, data: points, color: colour('good'), areaStyle: { opacity: 0.1 } }],
      };
    });
    chart('uncertainty', answered, () => {
      const kinds = [['right-answers', 'right answers', 'good'], ['wrong-answers', 'wrong answers', 'bad'], ['overall', 'all', 'third']];
      const measures = [['predictive-entropy', 'entropy of\nthe answer'], ['expected-entropy', 'members’\nown entropy'], ['mutual-information', 'mutual\ninformation']];
      return {
        grid: { left: 64, right: 20, top: 40, bottom: 48 },
        legend: legend(),
        tooltip: tooltip((bar) => tip(measures[bar.dataIndex][1].replace('\n', ' '), [[bar.seriesName, number(bar.value) + ' nats']])),
        xAxis: categoryAxis(measures.map((measure) => measure[1]), { axisLabel: { color: colour('ink'), interval: 0, lineHeight: 15 } }),
        yAxis: valueAxis('nats', { nameGap: 40, min: 0, scale: false }),
        series: kinds.map(([key, name, paint]) => ({
          name,
          type: 'bar',
          barMaxWidth: 42,
          color: colour(paint),
          data: measures.map((measure) => set.doubt.uncertainty[key][measure[0]]),
        })),
      };
    });
  }

  function contactSheet() {
    const examples = set.doubt['least-sure'].examples;
    say(
      'sheet-text',
      examples.length > 0
        ? 'Least sure first, framed blue where it is right all the same and orange where it is wrong.'
        : NOTHING,
      examples.length > 0 && !examples.some((example) => example.picture) ? 'Their pictures are not here.' : '');
    document.getElementById('sheet').replaceChildren(...examples.map(figure));
  }

  function figure(example) {
    const right = example.label === example.predicted;
    const element = document.createElement('figure');
    element.className = right ? 'right' : 'wrong';
    if (example.picture) {
      const frame = element.appendChild(document.createElement('div'));
      frame.className = 'picture';
      const image = frame.appendChild(document.createElement('img'));
      image.src = example.picture;
      image.alt = label(example.label);
    }
    const caption = element.appendChild(document.createElement('figcaption'));
    caption.appendChild(document.createElement('strong')).textContent = label(example.label);
    const line = (text) => {
      const span = caption.appendChild(document.createElement('span'));
      span.textContent = text;
      return span;
    };
    line((right ? '✓ ' : '✗ ') + label(example.predicted) + ' ' + percent(example.probability, 0));
    if (!right) {
      line('its own class ' + percent(example['label-probability'], 0));
    }
    const path = line(example.path || 'image ' + example.id);
    path.className = 'path';
    path.title = path.textContent;
    return element;
  }

  function confusion() {
    const available = () => answered() && Array.isArray(set.confusion);
    section(() => {
      say(
        'confusion-text',
        available()
          ? 'Shares of each class’s images, row by row; empty where there are none.'
          : answered() ? 'There are too many classes to draw them all.' : NOTHING);
      say(
        'confused-text',
        set.confused.length > 0
          ? 'Most often confused' + (set.confused.length === 50 ? ', the first 50:' : ':')
          : answered() ? 'Nothing was confused.' : '');
      if (available()) {
        sizeMatrix('confusion', set.confusion.length);
      }
      table(
        'confused-table',
        [
          { name: 'class', value: (pair) => label(pair[0]) },
          { name: 'taken for', value: (pair) => label(pair[1]) },
          { name: 'images', value: (pair) => pair[2], shown: grouped },
        ],
        set.confused);
    });
    chart('confusion', available, () => {
      const cells = [];
      set.confusion.forEach((row, actual) => {
        const support = row.reduce((a, b) => a + b, 0);
        row.forEach((images, predicted) => {
          if (images > 0) {
            cells.push([predicted, actual, images / support, images]);
          }
        });
      });
      return matrix(set.confusion.map((row, index) => label(index)), ['taken for', 'class'], cells, [0, 1], {
        format: (share) => percent(share, 0),
        label: (cell) => cell[3],
        tip: (cell) => tip(label(cell[1]) + ' → ' + label(cell[0]), [
          ['images', grouped(cell[3])], ['of the class', percent(cell[2])]]),
      });
    });
  }

  function classes() {
    const all = data.labels.length;
    say(
      'classes-text',
      answered() ? 'A click on a heading sorts by it.' : NOTHING,
      set.classes.length < all
        ? 'Shown are the ' + set.classes.length + ' of ' + all + ' classes with the lowest F1.'
        : '');
    table(
      'classes-table',
      [
        { name: 'class', value: (row) => label(row['class']) },
        { name: 'images', value: (row) => row.support, shown: grouped },
        { name: 'precision', value: (row) => row.precision, shown: (value) => percent(value) },
        { name: 'recall', value: (row) => row.recall, shown: (value) => percent(value) },
        { name: 'F1', value: (row) => row.f1, shown: (value) => number(value) },
        { name: 'area under ROC', value: (row) => row['area-under-roc'], shown: (value) => number(value) },
        { name: 'average precision', value: (row) => row['average-precision'], shown: (value) => number(value) },
      ],
      answered() ? set.classes : []);
  }

  function ranking() {
    const curves = (key) => set.curves.filter((curve) => curve[key].length > 0);
    section(() =>
      say(
        'ranking-text',
        answered()
          ? 'How well the probability of each class ranks its images before all others.'
          : NOTHING,
        answered() && set.curves.length < data.labels.length
          ? 'Shown are the ' + set.curves.length + ' classes of the lowest average precision.'
          : '',
        answered() && (curves('roc').length === 0 || curves('precision-recall').length === 0)
          ? 'There are no curves: all images are of one class.'
          : ''));
    const lines = (key, x, y, area, areaName, diagonal) => () => ({
      color: colours('lines'),
      grid: { left: 64, right: 24, top: 40, bottom: 48 },
      legend: { ...legend(), type: 'scroll', pageTextStyle: { color: colour('faint') }, pageIconColor: colour('accent'), formatter: (name) => shortened(name, 24) },
      tooltip: tooltip((point) => {
        const curve = curves(key)[point.seriesIndex];
        return tip(label(curve['class']), [
          [areaName, number(curve[area])], [x, percent(point.value[0])], [y, percent(point.value[1])]]);
      }),
      xAxis: shareAxis(x),
      yAxis: shareAxis(y, { nameGap: 46 }),
      series: [
        ...curves(key).map((curve) => ({
          type: 'line',
          name: label(curve['class']),
          data: curve[key],
          symbolSize: 5,
          showSymbol: true,
          itemStyle: { opacity: 0 },
          lineStyle: { width: 1.5, opacity: 1 },
          emphasis: { focus: 'series', lineStyle: { width: 3 }, itemStyle: { opacity: 1 } },
        })),
        ...(diagonal
          ? [{ type: 'line', silent: true, symbol: 'none', color: colour('third'), lineStyle: { type: 'dashed', width: 1 }, data: [[0, 0], [1, 1]], tooltip: { show: false } }]
          : []),
      ],
    });
    chart('roc', () => curves('roc').length > 0,
      lines('roc', 'false positive rate', 'true positive rate', 'area-under-roc', 'area', true));
    chart('precision-recall', () => curves('precision-recall').length > 0,
      lines('precision-recall', 'recall', 'precision', 'average-precision', 'average precision', false));
  }

  function diversity() {
    const select = document.getElementById('measure');
    MEASURES.forEach((measure) => {
      const option = select.appendChild(document.createElement('option'));
      option.value = measure.key;
      option.textContent = measure.name;
    });
    select.value = MEASURES[0].key;
    const several = () => answered() && set.answers.members > 1;
    const pairs = () => set.diversity[select.value].pairs;
    const available = () => several() && Array.isArray(pairs()) && pairs().flat().some(finite);
    section(() => {
      say(
        'diversity-text',
        several()
          ? 'Members that make the same mistakes cannot mend each other’s.'
          : answered() ? 'There is one member.' : NOTHING,
        several() && !Array.isArray(pairs()) ? 'There are too many members to draw all pairs.' : '');
      document.getElementById('pairs-control').hidden = !several() || !Array.isArray(pairs());
      table(
        'diversity-table',
        [
          { name: 'measure', value: (measure) => measure.name },
          { name: 'mean of all pairs', value: (measure) => set.diversity[measure.key].mean, shown: (value) => number(value) },
          { name: 'which is', value: (measure) => measure.means },
        ],
        several() ? MEASURES : []);
      if (available()) {
        sizeMatrix('pairs', pairs().length);
      }
    });
    chart('pairs', available, () => {
      const cells = [];
      pairs().forEach((row, first) =>
        row.forEach((value, second) => {
          if (finite(value)) {
            cells.push([second, first, value]);
          }
        }));
      const values = cells.map((cell) => cell[2]);
      const range = [Math.min(...values), Math.max(...values)];
      return matrix(pairs().map((row, index) => memberName(index)), ['member', 'member'], cells, range, {
        format: (value) => number(value, 2),
        label: (cell) => number(cell[2], 2),
        tip: (cell) => tip('Members ' + memberName(cell[1]) + ' and ' + memberName(cell[0]), [
          [MEASURES.find((measure) => measure.key === select.value).name, number(cell[2])]]),
      });
    });
    select.addEventListener('change', () => redraws.forEach((redraw) => redraw()));
  }

  function decomposition() {
    const zeroOne = () => set.decomposition['zero-one'];
    const squared = () => set.decomposition.squared;
    section(() =>
      say(
        'decomposition-text',
        ...(answered()
          ? [
            'Where the loss of a member comes from: what members have in common (bias), and what they differ',
            'in (variance), which is what combining can take away. Noise of the labels cannot be told from bias',
            'here. Shares of wrong classes after Domingos: ' + percent(zeroOne().loss) + ', of them bias '
              + percent(zeroOne().bias) + ', variance that does harm ' + percent(zeroOne()['unbiased-variance'])
              + ', variance that mends ' + percent(zeroOne()['correcting-variance']) + '.',
            'Squared error of the probabilities after Geman: ' + number(squared().loss) + ', of it squared bias '
              + number(squared()['squared-bias']) + ', variance ' + number(squared().variance) + '.',
          ]
          : [NOTHING])));
    document.getElementById('decomposition').style.height = '200px';
    chart('decomposition', answered, () => {
      const parts = [
        ['noise', 'third', zeroOne()['weighted-noise'], squared().noise],
        ['bias', 'bad', zeroOne().bias, squared()['squared-bias']],
        ['net variance', 'good', zeroOne()['net-variance'], squared().variance],
      ];
      return {
        grid: { left: 16, right: 32, top: 36, bottom: 44, containLabel: true },
        legend: legend(),
        tooltip: tooltip((bar) => tip(bar.name, [[bar.seriesName, number(bar.value)]])),
        xAxis: valueAxis('loss of a member', { nameGap: 28, scale: false }),
        yAxis: categoryAxis(['share of wrong classes', 'squared error'], { inverse: true, axisLabel: { color: colour('ink'), interval: 0 } }),
        series: parts.map(([name, paint, wrong, error]) => ({
          name,
          type: 'bar',
          stack: 'loss',
          barMaxWidth: 34,
          color: colour(paint),
          data: [wrong, error],
          label: { show: true, color: colour('page'), formatter: (bar) => (Math.abs(bar.value) >= 0.02 ? number(bar.value) : '') },
        })),
      };
    });
  }
})();
