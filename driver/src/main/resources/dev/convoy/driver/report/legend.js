  function legend() {
    return {
      top: 0,
      type: 'scroll',
      itemWidth: 14,
      itemHeight: 9,
      textStyle: { color: colour('ink') },
    };
  }

  function tooltip(formatter) {
    return {
      trigger: 'item',
      confine: true,
      backgroundColor: colour('page'),
      borderColor: colour('rule'),
      textStyle: { color: colour('ink') },
      formatter,
    };
  }
