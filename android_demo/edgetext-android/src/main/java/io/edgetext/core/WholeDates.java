package io.edgetext.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a date begins and ends, of which a model saw a part. */
final class WholeDates {
    private static final String MONTH =
            "(?:jan|ene|gen|feb|fév|fev|mar|maa|mär|apr|avr|abr|may|mai|mei|maj|mag|jun|giu|juin|jul"
                    + "|lug|juil|aug|aoû|ago|sep|set|oct|okt|ott|out|nov|dec|dez|déc|dic)"
                    + "[a-z\u0080-\uffff]{0,7}\\.?";
    private static final String YEAR = "(?:19|20)[0-9][0-9]";
    private static final Pattern DATE =
            Pattern.compile(
                    "(?<![0-9A-Za-z])(?:[0-9]{1,4}([./\\-])[0-9]{1,2}\\1[0-9]{1,4}"
                            + "|[0-9]{1,2}(?:\\.|st|nd|rd|th|er|º)? (?:de |of )?" + MONTH
                            + "(?:,? (?:de )?" + YEAR + ")?|" + MONTH
                            + " [0-9]{1,2}(?:st|nd|rd|th)?(?:,? " + YEAR
                            + ")?)(?![0-9A-Za-z]|[./\\-][0-9])",
                    Pattern.CASE_INSENSITIVE);

    private WholeDates() {}

    /** The pieces, those of birthdays as whole dates, two halves of one as one. */
    static List<Piece> of(List<Piece> pieces, String text) {
        List<Piece> whole = new ArrayList<Piece>();
        for (Piece piece : pieces) {
            Piece place = isBirthday(piece.label) ? wholeDate(piece, text) : piece;
            Piece last = whole.isEmpty() ? null : whole.get(whole.size() - 1);
            boolean again =
                    last != null && last.label.equals(place.label) && last.start == place.start
                            && last.end == place.end;
            if (!again) {
                whole.add(place);
            }
        }
        return whole;
    }

    private static Piece wholeDate(Piece piece, String text) {
        Piece only = null;
        Matcher dates = DATE.matcher(text);
        while (dates.find()) {
            Piece date = piece.at(dates.start(), dates.end());
            if (date.touches(piece)) {
                if (only != null) {
                    return piece;
                }
                only = date;
            }
        }
        return only == null ? piece : only;
    }

    private static boolean isBirthday(String label) {
        String name = label.toUpperCase(Locale.ROOT);
        return name.equals("DATE_OF_BIRTH") || name.equals("BIRTHDAY");
    }
}
