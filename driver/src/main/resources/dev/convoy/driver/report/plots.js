  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  }

  function colours(name) {
    return colour(name).split(/\s+/);
  }

  /** Draws, and draws again when the page turns dark or light or changes its size. */
  function plot(element, option) {
    const chart = echarts.init(element);
    const draw = () => chart.setOption(withDefaults(option()), true);
    onTheme(draw);
    new ResizeObserver(() => chart.resize()).observe(element);
    return draw;
  }

  /** Now, and whenever the page turns dark or light. */
  function onTheme(draw) {
    draw();
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  }

  function withDefaults(option) {
    return {
      animation: false,
      aria: { enabled: true },
      textStyle: { color: colour('ink'), fontFamily: getComputedStyle(document.body).fontFamily },
      ...option,
    };
  }

  function valueAxis(name, more) {
    return {
      type: 'value',
      name: shortenedName(name, 40),
      nameLocation: 'middle',
      nameTextStyle: { color: colour('faint') },
      axisLabel: { color: colour('faint'), hideOverlap: true, formatter: format },
      axisLine: { onZero: false, lineStyle: { color: colour('rule') } },
      splitLine: { lineStyle: { color: colour('rule'), opacity: 0.5 } },
      scale: true,
      ...more,
    };
  }
