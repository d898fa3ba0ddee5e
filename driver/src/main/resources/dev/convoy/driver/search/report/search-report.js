/*
 * Draws the report from the JSON in the page. All text goes in as text: no markup is ever made from
 * a string.
 */
(function () {
  'use strict';

  const MOST_LINES = 1000;
  const MOST_ROWS = 500;
  const MANY = 2000;
  // Above it points are drawn as one heap, which a pointer cannot ask.
  const LARGE = 6000;
  const NUMBER_TICKS = 4;
  const MOST_WHOLE_TICKS = 10;
  // Outliers are drawn at the edge if they would leave less than this part of a plot to the rest.
  const LEAST_PART = 0.2;
  const SYMBOLS = ['circle', 'triangle', 'rect', 'diamond'];
  const GLYPHS = ['\u25cf', '\u25b2', '\u25a0', '\u25c6'];
  const CROSS = 'path://M1 0L5 4L9 0L10 1L6 5L10 9L9 10L5 6L1 10L0 9L4 5L0 1Z';

  const data = JSON.parse(document.getElementById('data').textContent);
  const sign = data.higherIsBetter ? -1 : 1;
  const byRank = (a, b) => sign * (a.metric - b.metric) || a.trial - b.trial;

  const measured = data.trials.filter((trial) => Number.isFinite(trial.metric)).sort(byRank);
  const unmeasured = data.trials.filter((trial) => !Number.isFinite(trial.metric));
  const states = countedStates();
  const metricRange = robustRange(measured.map((trial) => trial.metric));
  const axes = data.axes.map(describeAxis);

  describe();
  drawBest();
  drawImportance();
  drawScatter();
  drawParallel();
  drawTable();

  // ---- what the data are ----

  function countedStates() {
    const counts = new Map();
    data.trials.forEach((trial) => counts.set(trial.state, (counts.get(trial.state) || 0) + 1));
    return [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
  }

  /**
   * The range to draw: all of it, unless outliers (beyond Tukey's outer fences) would take most of
   * it; then that of the rest and of the best.
   */
  function robustRange(values) {
    if (values.length === 0) {
      return { low: 0, high: 1, outside: 0 };
    }
    const sorted = [...values].sort((a, b) => a - b);
    const last = sorted.length - 1;
    const quartile = (part) => sorted[Math.round(part * last)];
    const fence = 3 * (quartile(0.75) - quartile(0.25)) || Infinity;
    const best = data.higherIsBetter ? sorted[last] : sorted[0];
    const inside = sorted.filter(
      (value) =>
        value === best || (value >= quartile(0.25) - fence && value <= quartile(0.75) + fence));
    const low = inside[0];
    const high = inside[inside.length - 1];
    return high - low < LEAST_PART * (sorted[last] - sorted[0])
      ? { low, high, outside: sorted.length - inside.length }
      : { low: sorted[0], high: sorted[last], outside: 0 };
  }

  function isOutlier(trial) {
    return trial.metric < metricRange.low || trial.metric > metricRange.high;
  }

  function clamp(metric) {
    return Math.min(metricRange.high, Math.max(metricRange.low, metric));
  }

  /** An axis with its trials' values as positions: numbers, or places in the list of categories. */
  function describeAxis(axis, index) {
    const values = data.trials.map((trial) => trial.values[index]).filter((value) => value !== null);
    const numeric = !axis.categories && values.every((value) => typeof value === 'number');
    const named = new Set([...(axis.categories || []), ...values.map(String).sort()]);
    const categories = numeric ? null : [...named];
    const places = new Map((categories || []).map((category, place) => [category, place]));
    const position = (trial) => {
      const value = trial.values[index];
      if (value === null || value === undefined) {
        return null;
      }
      if (categories) {
        return places.get(String(value));
      }
      return axis.logarithmic && !(value > 0) ? null : value;
    };
    const positions = measured.map(position).filter((place) => place !== null);
    return {
      name: axis.name,
      logarithmic: axis.logarithmic && numeric,
      categories,
      position,
      low: positions.reduce((a, b) => Math.min(a, b), Infinity),
      high: positions.reduce((a, b) => Math.max(a, b), -Infinity),
      whole: numeric && values.every(Number.isInteger),
      inactive: measured.length - positions.length,
    };
  }

  // ---- words ----

{{words.js}}
  function better() {
    return data.higherIsBetter ? 'higher is better' : 'lower is better';
  }

  function outsideNote() {
    return metricRange.outside > 0
      ? count(metricRange.outside, 'outlier') + ' of the metric drawn at the edge of the range.'
      : '';
  }

  function describe() {
    document.title = data.name;
    document.getElementById('title').textContent = data.name;
    const list = document.getElementById('lines');
    data.lines.forEach((line) => {
      list.appendChild(document.createElement('li')).textContent = line;
    });
  }

  // ---- what all plots share ----

{{plots.js}}
  function metricAxis() {
    const margin = 0.04 * (metricRange.high - metricRange.low) || 0.5;
    const edge = (value) => Number(value.toPrecision(3));
    return valueAxis(data.metric, {
      nameGap: 48,
      min: edge(metricRange.low - margin),
      max: edge(metricRange.high + margin),
      axisLabel: {
        color: colour('faint'),
        hideOverlap: true,
        formatter: format,
        showMinLabel: false,
        showMaxLabel: false,
      },
    });
  }

{{legend.js}}
  /** An element, not a string: its text cannot become markup. */
  function trialTip(trial) {
    const tip = document.createElement('div');
    tip.className = 'tip';
    tip.appendChild(document.createElement('strong')).textContent = 'Trial ' + trial.trial;
    const list = tip.appendChild(document.createElement('dl'));
    const row = (name, value) => {
      list.appendChild(document.createElement('dt')).textContent = name;
      list.appendChild(document.createElement('dd')).textContent = format(value);
    };
    row(data.metric, trial.metric);
    row('state', trial.state);
    row('epochs', trial.epochs);
    data.axes.forEach((axis, index) => {
      if (trial.values[index] !== null) {
        row(axis.name, trial.values[index]);
      }
    });
    return tip;
  }

  function stateColour(place) {
    return colours('states')[place % colours('states').length];
  }

  /** A series of points for each state. */
  function stateSeries(trials, x, y) {
    return states
      .map((state, place) => ({ state, place, members: trials.filter((t) => t.state === state) }))
      .filter((series) => series.members.length > 0)
      .map(({ state, place, members }) => ({
        ...points(members, x, y),
        name: state,
        symbol: SYMBOLS[place % SYMBOLS.length],
        itemStyle: { color: stateColour(place), opacity: 0.75 },
      }));
  }

  function points(trials, x, y) {
    const large = measured.length > LARGE;
    return {
      type: 'scatter',
      symbolSize: measured.length > MANY ? 4 : 8,
      large,
      largeThreshold: 0,
      progressive: 0,
      data: trials.map((trial) => ({
        value: [x(trial), y(trial), trial.epochs],
        symbol: isOutlier(trial) ? CROSS : undefined,
      })),
      tooltip: { formatter: (point) => trialTip(trials[point.dataIndex]) },
    };
  }

  // ---- the plots ----

  function drawBest() {
    if (measured.length === 0) {
      say('best-text', 'No trial has a metric yet.');
      hide('best');
      return;
    }
    say(
      'best-text',
      'A point for every trial: its latest ' + data.metric + ', when the search had spent so many',
      'epochs in all. The line is the best of these; ' + better() + '.',
      outsideNote(),
      metricRange.outside > 0 && measured.length <= LARGE ? 'They are crosses.' : '',
      unmeasured.length > 0
        ? count(unmeasured.length, 'trial') + ' without a finite metric: in the table only.'
        : '');
    plot(document.getElementById('best'), () => ({
      grid: { left: 72, right: 24, top: 40, bottom: 52 },
      legend: legend(),
      tooltip: tooltip(),
      xAxis: valueAxis('epochs spent by all trials', { nameGap: 32, min: 0 }),
      yAxis: metricAxis(),
      series: [
        {
          type: 'line',
          name: 'best so far',
          step: 'end',
          showSymbol: false,
          silent: true,
          z: 5,
          data: bestSoFar(),
          lineStyle: { color: colour('ink'), width: 2 },
          itemStyle: { color: colour('ink') },
        },
        ...stateSeries(measured, (trial) => trial.epochsSpent, (trial) => clamp(trial.metric)),
      ],
    }));
  }

  function bestSoFar() {
    const inTime = [...measured].sort((a, b) => a.epochsSpent - b.epochsSpent || byRank(a, b));
    const steps = [];
    let best = null;
    inTime.forEach((trial) => {
      if (best === null || sign * (trial.metric - best) < 0) {
        best = trial.metric;
        steps.push([trial.epochsSpent, clamp(best)]);
      }
    });
    steps.push([inTime[inTime.length - 1].epochsSpent, clamp(best)]);
    return steps;
  }

  function drawImportance() {
    const importance = data.importance;
    if (!importance) {
      say(
        'importance-text',
        'Not estimated: it needs at least ' + data.fewestTrialsForImportance,
        'trials whose metrics differ, and a metric that depends on the hyperparameters.');
      hide('importance');
      return;
    }
    say(
      'importance-text',
      'The share of the variance of the metric’s rank in which each hyperparameter takes part, alone',
      'or together with others (total effects; they can add up to more than 100 %), over the whole',
      'space, after a random forest learned from ' + count(importance.trials, 'trial') + '.',
      'Its cross-validated R² is ' + importance.surrogateFit.toFixed(2) + ': ' + trust(importance));
    const element = document.getElementById('importance');
    element.style.height = 70 + 26 * importance.shares.length + 'px';
    plot(element, () => ({
      grid: { left: 28, right: 72, top: 8, bottom: 44, containLabel: true },
      xAxis: valueAxis('share of variance (%)', { nameGap: 28, min: 0, scale: false }),
      yAxis: {
        type: 'category',
        inverse: true,
        data: importance.shares.map((share) => shortenedName(share.name, 30)),
        axisLabel: { color: colour('ink'), interval: 0 },
        axisLine: { lineStyle: { color: colour('rule') } },
        axisTick: { show: false },
      },
      series: [
        {
          type: 'bar',
          barMaxWidth: 16,
          data: importance.shares.map((share) => 100 * share.share),
          itemStyle: { color: colour('accent') },
          label: {
            show: true,
            position: 'right',
            color: colour('ink'),
            formatter: (bar) => bar.value.toFixed(1) + ' %',
          },
        },
      ],
    }));
  }

  function trust(importance) {
    if (importance.surrogateFit >= 0.7) {
      return 'it foretells unseen trials well.';
    }
    return importance.surrogateFit >= 0.3
      ? 'it foretells unseen trials in part; take the shares as a rough order.'
      : 'it hardly foretells unseen trials; do not build on the shares.';
  }

  function drawScatter() {
    if (measured.length === 0 || axes.length === 0) {
      say('scatter-text', axes.length === 0 ? 'No hyperparameters.' : 'No trial has a metric yet.');
      hide('scatter-control', 'scatter');
      return;
    }
    say(
      'scatter-text',
      data.metric + ' (' + better() + ') of every trial.',
      outsideNote(),
      measured.length > LARGE ? 'So many points do not tell their trial.' : 'A point tells its trial.');
    const select = document.getElementById('colour');
    drawKey();
    const draws = axes.map((axis) => {
      const figure = document.createElement('div');
      figure.appendChild(document.createElement('h3')).textContent = axis.name;
      const note = figure.appendChild(document.createElement('small'));
      note.textContent = axis.inactive > 0 ? 'inactive in ' + count(axis.inactive, 'trial') : '\u00a0';
      const element = figure.appendChild(document.createElement('div'));
      element.className = 'plot';
      document.getElementById('scatter').appendChild(figure);
      return plot(element, () => scatter(axis, select.value));
    });
    // A browser may keep the choice when the page is loaded again.
    const showKey = () => (document.getElementById('key').hidden = select.value !== 'state');
    showKey();
    select.addEventListener('change', () => {
      showKey();
      draws.forEach((draw) => draw());
    });
  }

  /** The states' colours, once for all plots of the grid. */
  function drawKey() {
    const key = document.getElementById('key');
    states.forEach((state, place) => {
      if (measured.some((trial) => trial.state === state)) {
        const entry = key.appendChild(document.createElement('span'));
        const symbol = entry.appendChild(document.createElement('b'));
        symbol.textContent = GLYPHS[place % SYMBOLS.length] + ' ';
        onTheme(() => (symbol.style.color = stateColour(place)));
        entry.append(state);
      }
    });
  }

  function scatter(axis, colouring) {
    const trials = measured.filter((trial) => axis.position(trial) !== null);
    const x = (trial) => axis.position(trial) + (axis.categories ? 0.5 + jitter(trial) : 0);
    const y = (trial) => clamp(trial.metric);
    const byState = colouring === 'state';
    return {
      grid: { left: 68, right: 20, top: 12, bottom: byState ? 32 : 64 },
      visualMap: byState ? undefined : epochsMap(),
      tooltip: tooltip(),
      xAxis: scatterAxis(axis),
      yAxis: metricAxis(),
      series: byState
        ? stateSeries(trials, x, y)
        : [{ ...points(trials, x, y), large: false, itemStyle: { opacity: 0.85 } }],
    };
  }

  /** Spreads the trials of a category a little, the same way every time. */
  function jitter(trial) {
    return 0.5 * (((trial.trial * 0.6180339887) % 1) - 0.5);
  }

  function scatterAxis(axis) {
    if (axis.categories) {
      return valueAxis('', {
        min: 0,
        max: axis.categories.length,
        // Ticks between the categories and at their middles, where the names stand.
        interval: 0.5,
        splitLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          color: colour('faint'),
          hideOverlap: true,
          formatter: (tick) => shortened(axis.categories[tick - 0.5] || '', 16),
        },
      });
    }
    return axis.logarithmic
      ? valueAxis('', { type: 'log' })
      : valueAxis('', { minInterval: axis.whole ? 1 : undefined, splitNumber: 5 });
  }

  function epochsMap() {
    const epochs = measured.map((trial) => trial.epochs);
    return {
      type: 'continuous',
      dimension: 2,
      min: epochs.reduce((a, b) => Math.min(a, b), Infinity),
      max: epochs.reduce((a, b) => Math.max(a, b), 1),
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      itemHeight: 120,
      itemWidth: 10,
      text: ['epochs', ''],
      calculable: true,
      textStyle: { color: colour('faint') },
      inRange: { color: colours('ramp').slice(1) },
    };
  }

  function drawParallel() {
    const shown = measured.length > 0 && axes.length > 0 ? sample() : [];
    if (shown.length === 0) {
      say('parallel-text', axes.length === 0 ? 'No hyperparameters.' : 'No trial has a metric yet.');
      hide('parallel');
      return;
    }
    say(
      'parallel-text',
      'A line for every trial, coloured by ' + data.metric + ', the better the stronger; the axis of',
      'the metric has the best on top. Drag along an axis to pick trials, click on it to let go.',
      axes.some((axis) => axis.inactive > 0)
        ? 'Where a hyperparameter is inactive the line runs through the foot of its axis.'
        : '',
      shown.length < measured.length
        ? 'Shown are ' + shown.length + ' of ' + measured.length
          + ' trials: the best fifth of these, and every so many-th of the rest.'
        : '',
      outsideNote());
    const element = document.getElementById('parallel');
    element.style.minWidth = 110 * (axes.length + 1) + 'px';
    element.style.height = '440px';
    plot(element, () => parallel(shown));
  }

  /** At most so many lines: a fifth of them the best, the rest evenly from all other ranks. */
  function sample() {
    if (measured.length <= MOST_LINES) {
      return measured;
    }
    const best = MOST_LINES / 5;
    const stride = (measured.length - best) / (MOST_LINES - best);
    return measured.filter(
      (trial, rank) =>
        rank < best || Math.floor((rank - best) / stride) !== Math.floor((rank - best - 1) / stride));
  }

  function parallel(shown) {
    const strong = Math.max(10, shown.length / 20);
    const faint = Math.min(0.6, Math.max(0.15, 60 / shown.length));
    const metricDimension = axes.length;
    return {
      parallel: { left: 64, right: 88, top: 56, bottom: 56 },
      parallelAxis: [...axes.map(parallelAxis), parallelMetric(metricDimension)],
      visualMap: {
        show: true,
        type: 'continuous',
        dimension: metricDimension,
        min: metricRange.low,
        max: metricRange.high > metricRange.low ? metricRange.high : metricRange.low + 1,
        orient: 'horizontal',
        left: 'center',
        bottom: 0,
        itemHeight: 160,
        itemWidth: 10,
        text: [format(metricRange.high), format(metricRange.low)],
        textStyle: { color: colour('faint') },
        inRange: {
          color: data.higherIsBetter ? colours('ramp') : colours('ramp').reverse(),
        },
      },
      series: [
        {
          type: 'parallel',
          lineStyle: { width: 1.5 },
          // The best last, on top of the others.
          data: shown
            .map((trial, rank) => ({
              value: [...axes.map((axis) => place(axis, trial)), clamp(trial.metric)],
              lineStyle: { opacity: rank < strong ? 0.9 : faint },
            }))
            .reverse(),
        },
      ],
    };
  }

  /** From 0 to 1 for numbers, a place in the list for categories; the foot if inactive. */
  function place(axis, trial) {
    const position = axis.position(trial);
    if (position === null) {
      return foot(axis);
    }
    return axis.categories ? position : fraction(axis, position);
  }

  function foot(axis) {
    return axis.categories ? -1 : -1 / ticks(axis);
  }

  /** Steps between an axis' labels: the whole numbers themselves if they are few. */
  function ticks(axis) {
    const span = axis.high - axis.low;
    return axis.whole && !axis.logarithmic && span > 1 && span <= MOST_WHOLE_TICKS
      ? span
      : NUMBER_TICKS;
  }

  function fraction(axis, position) {
    const scale = axis.logarithmic ? Math.log : Number;
    const span = scale(axis.high) - scale(axis.low);
    return span > 0 ? (scale(position) - scale(axis.low)) / span : 0.5;
  }

  function atFraction(axis, part) {
    if (!(axis.high > axis.low)) {
      return part === 0.5 && axis.low === axis.high ? axis.low : null;
    }
    return axis.logarithmic
      ? axis.low * Math.pow(axis.high / axis.low, part)
      : axis.low + part * (axis.high - axis.low);
  }

  function parallelAxis(axis, dimension) {
    const label = (value) => {
      if (value < 0) {
        return axis.inactive > 0 ? 'inactive' : '';
      }
      if (axis.categories) {
        return shortened(axis.categories[value] || '', 14);
      }
      const number = atFraction(axis, value);
      return number === null ? '' : format(Number(number.toPrecision(3)));
    };
    const top = axis.categories ? axis.categories.length - 1 : 1;
    return parallelStyle(dimension, axis.name, {
      min: axis.inactive > 0 ? foot(axis) : 0,
      max: Math.max(top, axis.inactive > 0 ? 0 : 1),
      interval: axis.categories ? 1 : 1 / ticks(axis),
      formatter: label,
    });
  }

  function parallelMetric(dimension) {
    const flat = metricRange.high > metricRange.low ? 0 : 0.5;
    return parallelStyle(dimension, data.metric, {
      min: metricRange.low - flat,
      max: metricRange.high + flat,
      inverse: !data.higherIsBetter,
      formatter: (value) => format(Number(value.toPrecision(3))),
    });
  }

  function parallelStyle(dim, name, { formatter, ...range }) {
    return {
      dim,
      name: shortenedName(name, 14),
      nameTextStyle: { color: colour('ink') },
      axisLine: { lineStyle: { color: colour('faint') } },
      axisTick: { lineStyle: { color: colour('faint') } },
      axisLabel: {
        color: colour('ink'),
        textBorderColor: colour('card'),
        textBorderWidth: 3,
        formatter,
      },
      minorTick: { show: false },
      ...range,
    };
  }

  // ---- the table ----

  function drawTable() {
    const ranked = [...measured, ...unmeasured.sort((a, b) => a.trial - b.trial)];
    if (ranked.length === 0) {
      say('table-text', 'No trials yet.');
      hide('table');
      return;
    }
    say(
      'table-text',
      'Best first; a click on a heading sorts by it.',
      ranked.length > MOST_ROWS
        ? 'Shown are the best ' + MOST_ROWS + ' of ' + ranked.length + ' trials.'
        : '');
    const rows = ranked.slice(0, MOST_ROWS);
    const columns = [
      { name: 'trial', value: (trial) => trial.trial },
      { name: data.metric, value: (trial) => trial.metric },
      { name: 'state', value: (trial) => trial.state },
      { name: 'epochs', value: (trial) => trial.epochs },
      ...data.axes.map((axis, index) => ({ name: axis.name, value: (trial) => trial.values[index] })),
    ];
    table('table', columns, rows);
  }

{{table.js}}
})();
