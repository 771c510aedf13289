// SHA-256: WebCrypto's where there is one, which pages outside https and React Native lack.

/** The digits of the hash, in hexadecimal. */
export async function sha256(bytes) {
  const subtle = globalThis.crypto?.subtle;
  const hash = subtle ? new Uint8Array(await subtle.digest("SHA-256", bytes)) : computed(bytes);
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The same as FIPS 180-4 writes it down. */
export function computed(bytes) {
  const { first, rounds } = constants();
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, bytes.length / 2 ** 29);
  view.setUint32(padded.length - 4, bytes.length << 3);
  const words = new Int32Array(64);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 64; i++) words[i] = i < 16 ? view.getInt32(at + 4 * i) : next(words, i);
    compress(first, words, rounds);
  }
  first.forEach((word, i) => view.setInt32(4 * i, word));
  return padded.slice(0, 32);
}

/** The fractions of the first primes' square roots, and of their cube roots. */
function constants() {
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (root) => (root % 1) * 2 ** 32;
  return {
    first: Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p))),
    rounds: Int32Array.from(primes, (p) => fraction(Math.cbrt(p))),
  };
}

const turn = (word, by) => (word >>> by) | (word << (32 - by));

function next(words, i) {
  const [early, late] = [words[i - 15], words[i - 2]];
  const one = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
  const other = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
  return words[i - 16] + one + words[i - 7] + other;
}

function compress(state, words, rounds) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const choice = (e & f) ^ (~e & g);
    const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + rounds[i] + words[i];
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const other = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority;
    [a, b, c, d, e, f, g, h] = [(one + other) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
}
