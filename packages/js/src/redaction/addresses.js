// Where an address begins and ends: behind a company or the word for one, and with a whole town.
import { matchAt } from "./match.js";

const FIELD =
  /^(?:address|adresse|anschrift|wohnung|dirección|domicilio|indirizzo|adres|endereço)[:,]? /i;
const COMPANY = new RegExp(
  "^[^\\d,]+, (?=\\d+ [A-Z][a-z]+ [A-Z]|(?:Flat|Apt|Unit) \\d" +
    "|(?:[A-Z]{1,2}-)?\\d{4,5} [A-Z\\u00c0-\\u00ff]" +
    "|(?:[A-Z][a-z\\u0080-\\uffff]|[\\u0080-\\uffff])[^\\d,]* \\d)",
);
const STREET = new RegExp(
  "(?:stra(?:ß|ss)e|str\\.|weg|platz|allee|gasse|ring|straat|laan|plein|gracht|kade" +
    "|\\b(?:street|road|lane|avenue|drive|rue|boulevard|place|calle|avda?|avenida|paseo|plaza" +
    "|vía|ronda|via|viale|corso|piazza|p\\.zza|largo|vicolo|rua|praça|alameda|travessa|av))\\b",
  "i",
);
// A number or a code and a full stop, which ends the sentence; and what goes on after an address.
const STOP = /(?<=[0-9A-Z]{2})\.$| (?:since|seit|ab|depuis|desde|dal|sinds)(?: \d+)?$/;
const POSTCODE = /(?:(?<![0-9A-Za-z])\d{4,5}|(?<![0-9A-Za-z])\d{4} ?[A-Z]{2})$/;
const STATE = /[A-Z]{2} [\d-]+$/;
const TOWN = / (?:[A-Z\u00c0-\u00de]|'s-)[-A-Za-z\u0080-\u{10ffff}]{2,}/uy;
// Of the names of towns what their first words need, and what follows their last.
const TWO_WORDS = /(?:Bad|Sankt|San|Santa|Reggio|Den|Porto|Vila|New) ?$/;
const RIVER = / (?:aan (?:Zee|den Rijn|de Maas)|am (?:Main|Rhein|Neckar|See))(?![A-Za-z])/y;

/** The span of an address, without what is named before it and with its whole town. */
export function wholeAddress(span, text, limit) {
  let { start, end } = span;
  const words = () => text.slice(start, end);
  const grow = (pattern) => {
    const match = matchAt(pattern, text, end);
    if (match && end + match[0].length <= limit) end += match[0].length;
  };
  start += FIELD.exec(words())?.[0].length ?? 0;
  const company = COMPANY.exec(words());
  if (company && !STREET.test(company[0])) start += company[0].length;
  end -= STOP.exec(words())?.[0].length ?? 0;
  if (POSTCODE.test(words()) && !STATE.test(words())) grow(TOWN);
  if (TWO_WORDS.test(words())) grow(TOWN);
  grow(RIVER);
  return { ...span, start, end };
}
