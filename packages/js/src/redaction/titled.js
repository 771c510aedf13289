// Who is named by a form of address, a greeting or a signature.
import { untilCompany } from "./companies.js";
import { matchAt } from "./match.js";
import {
  AROUND,
  either,
  grown,
  lower,
  NAME,
  NO_NAMES,
  OFTEN,
  PARTS,
  TITLE,
  TITLES,
  words,
} from "./words.js";

const TITLED = new RegExp(
  `${AROUND}${TITLE}\\.? ((?:(?:${OFTEN}|${PARTS}) ){0,3}${NAME})`,
  "gu",
);
const GREETING = either(
  "hi hello hey dear thanks hallo liebe lieber liebes danke salut bonjour cher chère merci hola " +
    "querido querida gracias ciao caro cara grazie hoi beste lieve bedankt oi olá obrigado " +
    "obrigada",
);
const GREETED = new RegExp(`${AROUND}${anyCase(GREETING)} (${NAME})`, "gu");
const NO_ONE = new Set(
  words(
    "all everyone everybody team folks guys sir madam sirs customer world god welt zusammen " +
      "leute kunde kundin damen herren tous toutes client cliente monde todos todas mundo tutti " +
      "tutte mondo klant allemaal mensen iedereen dios dieu dio deus gott",
  ),
);
const CLOSING = either(
  "regards faithfully sincerely truly wishes grüße grüßen gruß cordialement salutations amitiés " +
    "saludo saludos atentamente saluti groet groeten atenciosamente abraço abraços saudações",
);
const SIGNED = new RegExp(`${AROUND}${anyCase(CLOSING)},\\s?(${NAME})`, "gu");
const AFTER_GREETING = / ?(?:[,!.:;?\r\n]|$)/y;

/** Where names stand that follow a form of address or a greeting, or sign a letter. */
export function titled(text) {
  const places = [];
  for (const match of text.matchAll(TITLED)) {
    const end = match.index + match[0].length;
    places.push([end - match[1].length, grown(text, end, text.length)]);
  }
  for (const match of text.matchAll(GREETED)) {
    const last = match.index + match[0].length;
    const end = grown(text, last, text.length);
    const first = lower(match[1]);
    if (NO_ONE.has(first) || NO_NAMES.has(first) || TITLES.test(match[1])) continue;
    if (matchAt(AFTER_GREETING, text, end)) places.push([last - match[1].length, end]);
  }
  for (const match of text.matchAll(SIGNED)) {
    const last = match.index + match[0].length;
    const start = last - match[1].length;
    const end = grown(text, last, text.length);
    const isWhole = text.slice(start, end).includes(" ");
    if (isWhole && untilCompany(text, start, end) === end) places.push([start, end]);
  }
  return places;
}

function anyCase(pattern) {
  return pattern.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
