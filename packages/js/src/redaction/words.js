// Words in and around the names of persons, in the languages of the built-in data set.
import { matchAt } from "./match.js";

export const words = (text) => text.split(" ");
export const either = (text) => `(?:${words(text).join("|").replaceAll(".", "\\.")})`;
// Capitals of Latin (of the extended blocks small letters, too), Vietnamese, Greek, Cyrillic.
export const CAPITAL =
  "[A-Z\\u00c0-\\u00de\\u0100-\\u027f\\u1e00-\\u1eff\\u0386-\\u03ab\\u0400-\\u042f]";
export const NAME = `(?:d'|l'|')?${CAPITAL}[A-Za-z\\u0080-\\u{10ffff}'\\-]*`;
export const AROUND = "(?<![\\w.@\\-\\u0080-\\u{10ffff}])";
// Articles and prepositions in surnames: those that are words of their language as well, and those
// that are not.
export const OFTEN =
  "de|du|da|do|di|la|le|lo|las|los|les|den|del|der|des|dem|het|op|in|zu|al|el|bin|ben|st";
export const PARTS =
  "de|van|von|vom|zur|zum|ter|ten|della|delle|degli|dei|dell|dos|das|'t|ibn|af|av";
const PART = `(?:van|von)(?: (?:de[nr]?|het|'t))?|${PARTS}|de la|de los|de las`;
export const SMALL = new RegExp(`^(?:${OFTEN}|${PARTS}|d'|l')$`, "i");
// Words that begin messages and sentences, with a capital then, and are no names.
export const NO_NAMES = new Set(
  words(
    "i hi hello hey here dear thanks please yes sorry bearer cheers regards ask tell with " +
      "from for and but when if was did has does could would our the this that we they not " +
      "as ich hallo bitte danke hier nein sie liebe lieber inhaber inhaberin grüße frag sag " +
      "mit für und aber wenn ist hat ein eine mein meine wie als je bonjour salut merci ici " +
      "oui non amitiés bises cordialement avec pour mais quand est une mon demande comme " +
      "hola gracias aquí sí querida querido saludos besos abrazos pero cuando pregunta dile " +
      "ciao grazie buongiorno ecco sì cara caro baci saluti cordiali quando è il mio chiedi " +
      "hoi ik ze hij bedankt dank ja nee beste lieve groeten groetjes zoals met voor maar " +
      "heeft een mijn vraag oi olá obrigado obrigada aqui sim não eu beijos abraços " +
      "saudações é meu minha pergunta",
  ),
);
const NEXT = new RegExp(
  ` (?:(?:${PART}) )?${NAME}(?![\\w.@\\u0080-\\u{10ffff}])`,
  "uy",
);
const NEXT_AFTER_SMALL = new RegExp(` (?:(?:${OFTEN}|${PARTS}) ){0,2}${NAME}`, "uy");
export const TITLE = either(
  "Mr Mrs Ms Mx Dr Prof Herr Herrn Frau Mme Mlle Monsieur Madame Sr Sra Srta Señor Señora señor " +
    "señora Doña doña don Signor Signora signor signora Sig Sig.ra sig Dott Dott.ssa dott " +
    "Meneer Mevrouw Mevr " +
    "meneer mevrouw mevr Dhr dhr Senhor Senhora senhor senhora",
);
export const TITLES = new RegExp(`^${TITLE}\\.?$`);

/** Where a name ends that goes on with capitals; isWhole: with no small word before these. */
export function grown(text, from, limit, isWhole = false) {
  let end = from;
  let after = SMALL.test(words(text.slice(0, end)).at(-1)) ? NEXT_AFTER_SMALL : NEXT;
  for (let match; (match = matchAt(after, text, end)); after = NEXT) {
    if (end + match[0].length > limit || (isWhole && match[0].includes(" ", 1))) break;
    end += match[0].length;
  }
  return end;
}

/** A text with the letters of ASCII small. */
export function lower(text) {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
