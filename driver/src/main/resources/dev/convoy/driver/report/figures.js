  /** Draws a plot that a report brings along: lines over numbers, or bars over names. */
  function figure(parent, figure) {
    const box = parent.appendChild(document.createElement('div'));
    box.appendChild(document.createElement('h3')).textContent = figure.title;
    const element = box.appendChild(document.createElement('div'));
    element.className = 'plot';
    const isOfNames = figure.x.categories.length > 0;
    plot(element, () => ({
      grid: { left: 72, right: 28, top: 44, bottom: isOfNames ? 84 : 52 },
      legend: legend(),
      tooltip: { ...tooltip(), trigger: 'axis', valueFormatter: format },
      xAxis: isOfNames ? namesAxis(figure.x.categories) : figureAxis(figure.x, 32),
      yAxis: figureAxis(figure.y, 52),
      series: figure.series.map((series, place) => ({
        type: isOfNames ? 'bar' : 'line',
        name: series.name,
        showSymbol: series.points.length < 2,
        data: series.points,
        itemStyle: { color: colours('states')[place % colours('states').length] },
        markLine: place === 0 ? marks(figure) : undefined,
      })),
    }));
  }

  function figureAxis(axis, nameGap) {
    return valueAxis(axis.name, { type: axis.logarithmic ? 'log' : 'value', nameGap });
  }

  function namesAxis(names) {
    return {
      type: 'category',
      data: names,
      axisLine: { lineStyle: { color: colour('rule') } },
      axisLabel: {
        color: colour('faint'),
        rotate: names.length > 6 ? 45 : 0,
        formatter: (name) => shortened(name, 14),
      },
    };
  }

  function marks(figure) {
    return {
      silent: true,
      symbol: 'none',
      lineStyle: { color: colour('faint'), type: 'dashed' },
      label: { color: colour('ink'), formatter: (mark) => mark.name },
      data: figure.marks.map((mark) => ({
        name: mark.name,
        [mark.vertical ? 'xAxis' : 'yAxis']: mark.value,
      })),
    };
  }
