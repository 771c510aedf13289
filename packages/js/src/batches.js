// Several texts in a run, as a batch file takes them (contract 2).

// So many texts, or bytes of them together, take the least time each in one run: more no longer fit
// a processor's caches. Attention has a row a text, each as long as the longest.
const [RUN, RUN_BYTES, ROW_BYTES] = [64, 1 << 13, 1 << 15];

/** Which texts are answered in one run, as lists of their places: those of like sizes. */
export function runs(sizes, most) {
  const lists = [];
  let total = 0;
  for (const place of [...sizes.keys()].sort((a, b) => sizes[a] - sizes[b])) {
    const size = sizes[place];
    const count = (lists.at(-1)?.length ?? Infinity) + 1;
    const fits = total + size <= RUN_BYTES && count * size <= ROW_BYTES;
    if (count <= Math.min(most, RUN) && fits) {
      lists.at(-1).push(place);
      total += size;
    } else {
      lists.push([place]);
      total = size;
    }
  }
  return lists;
}

/** The bytes of all texts end to end, and where each begins and the last one ends. */
export function pack(texts) {
  const offsets = new BigInt64Array(texts.length + 1);
  let size = 0;
  texts.forEach((text, i) => (offsets[i + 1] = BigInt((size += text.length))));
  const text = new Uint8Array(size);
  texts.forEach((one, i) => text.set(one, Number(offsets[i])));
  return { text, offsets };
}

/** The outputs of each of so many texts, as a file of one text gives them. */
export function apart(outputs, count) {
  return Array.from({ length: count }, (_, text) => {
    const own = {};
    for (const [name, { data }] of Object.entries(outputs)) {
      const size = data.length / count;
      own[name] = {
        data: name === "spans" ? spansOf(data, text) : data.slice(text * size, (text + 1) * size),
      };
    }
    return own;
  });
}

/** Rows of four, of which the first is the text's number, as rows of three. */
function spansOf(rows, text) {
  return rows.filter((_, i) => i % 4 && rows[i - (i % 4)] === text);
}
