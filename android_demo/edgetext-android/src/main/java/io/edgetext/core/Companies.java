package io.edgetext.core;

import java.util.regex.Pattern;

/** Companies that are named after persons, by the legal form behind their names. */
final class Companies {
    private static final String LEGAL =
            "(?:Ltd|Inc|LLC|PLC|plc|Corp|GmbH|AG|KG|OHG|UG|SE|SA|SARL|SAS|Ltda|S\\.A\\.|S\\.L\\."
                    + "|S\\.p\\.A\\.|S\\.r\\.l\\.|B\\.V\\.|N\\.V\\.|e\\.V\\."
                    + "|(?:&|and|und|et|y|e|en) (?:Co|Sons|Partners?|Söhne"
                    + "|Fils|Hijos|Figli|Zonen|Filhos))";
    private static final Pattern COMPANY =
            Pattern.compile(
                    "(?:(?: [A-Z][0-9A-Za-z-]*)? " + LEGAL
                            + "| (?:Group|Gruppe|Groep|Bank))(?![0-9A-Za-z])");
    private static final Pattern NAMED = Pattern.compile("[^ ] " + LEGAL + "\\.?\\z");

    private Companies() {}

    /** Where a name ends that goes on as a company: at the comma before it, or at its start. */
    static int until(String text, int start, int end) {
        String words = text.substring(start, end);
        if (Piece.endOf(COMPANY, text, end) < 0 && !NAMED.matcher(words).find()) {
            return end;
        }
        return words.contains(",") ? start + words.indexOf(',') : start;
    }
}
