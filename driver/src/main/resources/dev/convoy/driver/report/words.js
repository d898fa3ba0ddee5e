  function say(id, ...sentences) {
    document.getElementById(id).textContent = sentences.filter(Boolean).join(' ');
  }

  function count(number, noun) {
    return number + ' ' + noun + (number === 1 ? '' : 's');
  }

  function hide(...ids) {
    ids.forEach((id) => (document.getElementById(id).hidden = true));
  }

  function format(value) {
    if (typeof value !== 'number') {
      return value === null || value === undefined ? '' : String(value);
    }
    const size = Math.abs(value);
    if (Number.isInteger(value) && size < 1e6) {
      return String(value);
    }
    return size < 1e-3 || size >= 1e6
      ? Number(value.toPrecision(4)).toExponential()
      : String(Number(value.toPrecision(4)));
  }

  function shortened(text, length) {
    return text.length > length ? text.slice(0, length - 1) + '…' : text;
  }

  /** Of a name such as optimizer.learning-rate the end tells more. */
  function shortenedName(name, length) {
    return name.length > length ? '…' + name.slice(1 - length) : name;
  }
