package io.edgetext.core;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Labels in the place of an answer's spans, and the exact checks that a model cannot make. */
public final class Redaction {
    private Redaction() {}

    /**
     * The text with {@code <LABEL>} for each span, whole and but for what fails its check, and for
     * who is greeted or addressed and users whom their field tells, where the model has such labels.
     *
     * @param answer of a model of task {@link Metadata#TAG}
     * @return the text that can be shown
     */
    public static String of(Prediction answer) {
        List<Piece> pieces = new ArrayList<Piece>();
        for (Span span : answer.spans) {
            pieces.add(new Piece(span.label, span.start, span.end));
        }
        return of(answer.text, pieces, answer.slots);
    }

    static String of(String text, List<Piece> pieces, List<String> labels) {
        StringBuilder clean = new StringBuilder();
        int done = 0;
        for (Piece piece : checked(pieces, text, labels)) {
            if (piece.start >= done) {
                clean.append(text, done, piece.start).append('<').append(piece.label).append('>');
                done = piece.end;
            }
        }
        return clean.append(text, done, text.length()).toString();
    }

    private static List<Piece> checked(List<Piece> pieces, String text, List<String> labels) {
        List<Piece> whole = WholeRuns.of(pieces, text);
        whole = WholeDates.of(WholeNames.of(whole, text), text);
        List<Piece> kept = new ArrayList<Piece>();
        for (Piece piece : whole) {
            if (passes(piece.label, piece.in(text))) {
                kept.add(piece);
            }
        }
        String person = null;
        String user = null;
        for (String label : labels) {
            person = person == null && WholeNames.isName(label) ? label : person;
            user = user == null && UserFields.isUser(label) ? label : user;
        }
        if (person != null) {
            kept = withTold(kept, Titled.in(text, person));
        }
        if (user != null) {
            kept = withTold(kept, UserFields.in(text, user));
        }
        Collections.sort(kept, new Comparator<Piece>() {
            @Override
            public int compare(Piece one, Piece other) {
                return one.start - other.start;
            }
        });
        return kept;
    }

    /** The pieces, and each of those told that overlaps none, or only such as lie in it. */
    private static List<Piece> withTold(List<Piece> pieces, List<Piece> told) {
        List<Piece> kept = pieces;
        for (Piece place : told) {
            List<Piece> others = new ArrayList<Piece>();
            boolean fits = true;
            for (Piece piece : kept) {
                if (!piece.touches(place)) {
                    others.add(piece);
                } else {
                    fits &= piece.isIn(place);
                }
            }
            if (fits) {
                others.add(place);
                kept = others;
            }
        }
        return kept;
    }

    private static boolean passes(String label, String words) {
        switch (label) {
            case "CARD":
                return isCard(words);
            case "IBAN":
                return isIban(words);
            case "EMAIL":
                return words.contains("@");
            case "URL":
                return words.matches("(?s).*[.:/].*");
            case "MAC":
                return words.matches("(?s).*[:.-].*");
            default:
                return true;
        }
    }

    /** Whether digits, with marks between them, end in the right check digit (Luhn). */
    static boolean isCard(String words) {
        String digits = words.replaceAll("[ \u00a0.-]", "");
        if (!digits.matches("[0-9]{12,19}")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int counted = i % 2 == 0 ? digit : 2 * digit;
            sum += counted > 9 ? counted - 9 : counted;
        }
        return sum % 10 == 0;
    }

    /** Whether an IBAN leaves 1 when it is divided by 97 as its check digits want. */
    static boolean isIban(String words) {
        String packed = words.replaceAll("\\s", "").toUpperCase(Locale.ROOT);
        if (!packed.matches("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")) {
            return false;
        }
        StringBuilder number = new StringBuilder();
        for (char character : (packed.substring(4) + packed.substring(0, 4)).toCharArray()) {
            number.append(Character.digit(character, 36));
        }
        return new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
    }
}
