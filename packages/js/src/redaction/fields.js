// Names of users that their field tells, as machines and forms write it: user=anna, "login":
// "anna", User name: anna.
import { matchAt } from "./match.js";

const CODE = "user|username|user_name|login|uid|usr|nick|nickname|logname";
const FORM =
  "user[ _-]?(?:name|id)|uid|log-?in(?: name)?|account name|nick(?:name)?|handle|screen ?name" +
  "|benutzer-?(?:name|id)|nutzername|anmeldename|kontoname|nom d'utilisateur|identifiant|pseudo" +
  "|(?:nombre de )?usuario|(?:nome )?utente|gebruikersnaam|inlognaam|(?:nome de )?usuário";
const WORD = "\\w\\u0080-\\u{10ffff}";
const VALUE = `[${WORD}][${WORD}.\\-]{0,62}[${WORD}]`;
const SPOTS = /[=:\t]| - /g;
const WAYS = [
  [
    new RegExp(`(?<![\\w.])(?:${CODE})["']?$`, "i"),
    new RegExp(`(?:=|(?<=["']):) ?(["']?)(${VALUE})(?![${WORD}@])\\1`, "uy"),
  ],
  [
    new RegExp(`(?<![\\w.\\-])(?<!last )(?:${FORM}) ?$`, "i"),
    new RegExp(`(?:\\t|[=:] ?| - )()(${VALUE})(?![${WORD}@]|\\.\\w)`, "uy"),
  ],
];
const LONGEST = 20; // characters of a field

/** Whether spans of a label are names of users. */
export function isUser(label) {
  return ["USERNAME", "USER_NAME"].includes(label.toUpperCase());
}

/** Where names of users stand that their field tells; numbers alone are none. */
export function userNames(text) {
  const places = [];
  for (const { index } of text.matchAll(SPOTS)) {
    const field = text.slice(Math.max(0, index - LONGEST), index);
    for (const [before, after] of WAYS) {
      const match = matchAt(after, text, index);
      if (!match || !before.test(field)) continue;
      const end = index + match[0].length - match[1].length;
      if (/[^\d_.-]/.test(match[2])) places.push([end - match[2].length, end]);
      break;
    }
  }
  return places;
}
