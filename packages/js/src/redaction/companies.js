// Companies that are named after persons, by the legal form behind their names.

const LEGAL =
  "(?:Ltd|Inc|LLC|PLC|plc|Corp|GmbH|AG|KG|OHG|UG|SE|SA|SARL|SAS|Ltda|S\\.A\\.|S\\.L\\." +
  "|S\\.p\\.A\\.|S\\.r\\.l\\.|B\\.V\\.|N\\.V\\.|e\\.V\\." +
  "|(?:&|and|und|et|y|e|en) (?:Co|Sons|Partners?|Söhne|Fils|Hijos|Figli|Zonen|Filhos))";
const COMPANY = new RegExp(
  `^(?:(?: [A-Z][0-9A-Za-z-]*)? ${LEGAL}| (?:Group|Gruppe|Groep|Bank))(?![0-9A-Za-z])`,
);
const NAMED = new RegExp(`\\S ${LEGAL}\\.?$`);

/** Where a name ends that goes on as a company: at the comma before it, or at its start. */
export function untilCompany(text, start, end) {
  const words = text.slice(start, end);
  if (!COMPANY.test(text.slice(end, end + 80)) && !NAMED.test(words)) return end;
  return words.includes(",") ? start + words.indexOf(",") : start;
}
