package io.edgetext.core;

import java.math.BigInteger;
import java.util.Locale;

/** Labels in the place of an answer's spans, and the exact checks that a model cannot make. */
public final class Redaction {
    private Redaction() {}

    /**
     * The text with {@code <LABEL>} for each span, but for what fails its check.
     *
     * @param answer of a model of task {@link Metadata#TAG}
     * @return the text that can be shown
     */
    public static String of(Prediction answer) {
        StringBuilder clean = new StringBuilder();
        int done = 0;
        for (Span span : answer.spans) {
            if (!passes(span.label, answer.text.substring(span.start, span.end))) {
                continue;
            }
            clean.append(answer.text, done, span.start).append('<').append(span.label).append('>');
            done = span.end;
        }
        return clean.append(answer.text, done, answer.text.length()).toString();
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
