package io.edgetext.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who is named by a form of address, a greeting or a signature. */
final class Titled {
    private static final Pattern TITLED =
            Pattern.compile(
                    NameWords.AROUND + NameWords.TITLE + "\\.? ((?:(?:" + NameWords.OFTEN + "|"
                            + NameWords.PARTS + ") ){0,3}" + NameWords.NAME + ")");
    private static final Pattern GREETED =
            Pattern.compile(
                    NameWords.AROUND
                            + anyCase(
                                    "hi hello hey dear thanks hallo liebe lieber liebes danke salut bonjour"
                                    + " cher chère merci hola querido querida gracias ciao caro cara grazie hoi"
                                    + " beste lieve bedankt oi olá obrigado obrigada")
                            + " (" + NameWords.NAME + ")");
    private static final Set<String> NO_ONE =
            NameWords.setOf(
                    "all everyone everybody team folks guys sir madam sirs customer world god"
                    + " welt zusammen leute kunde kundin damen herren tous toutes client"
                    + " cliente monde todos todas mundo tutti tutte mondo klant allemaal mensen"
                    + " iedereen dios dieu dio deus gott");
    private static final Pattern SIGNED =
            Pattern.compile(
                    NameWords.AROUND
                            + anyCase(
                                    "regards faithfully sincerely truly wishes grüße grüßen gruß cordialement"
                                    + " salutations amitiés saludo saludos atentamente saluti groet groeten"
                                    + " atenciosamente abraço abraços saudações")
                            + ",[ \t\r\n]?(" + NameWords.NAME + ")");
    private static final Pattern AFTER_GREETING = Pattern.compile(" ?(?:[,!.:;?\r\n]|\\z)");

    private Titled() {}

    /** Where names stand that follow a form of address or a greeting, or sign a letter. */
    static List<Piece> in(String text, String label) {
        List<Piece> places = new ArrayList<Piece>();
        Matcher titled = TITLED.matcher(text);
        while (titled.find()) {
            int end = NameWords.grown(text, titled.end(), text.length());
            places.add(new Piece(label, titled.start(1), end));
        }
        Matcher greeted = GREETED.matcher(text);
        while (greeted.find()) {
            int end = NameWords.grown(text, greeted.end(), text.length());
            String first = NameWords.lower(greeted.group(1));
            boolean isNone =
                    NO_ONE.contains(first) || NameWords.NO_NAMES.contains(first)
                            || NameWords.TITLES.matcher(greeted.group(1)).matches();
            if (!isNone && Piece.endOf(AFTER_GREETING, text, end) >= 0) {
                places.add(new Piece(label, greeted.start(1), end));
            }
        }
        Matcher signed = SIGNED.matcher(text);
        while (signed.find()) {
            int start = signed.start(1);
            int end = NameWords.grown(text, signed.end(), text.length());
            boolean isWhole = text.substring(start, end).contains(" ");
            if (isWhole && Companies.until(text, start, end) == end) {
                places.add(new Piece(label, start, end));
            }
        }
        return places;
    }

    /** A pattern of one of the words, whose letters of ASCII may be capitals. */
    private static String anyCase(String words) {
        StringBuilder pattern = new StringBuilder();
        for (char letter : words.toCharArray()) {
            if (letter >= 'a' && letter <= 'z') {
                pattern.append('[').append(letter).append((char) (letter + 'A' - 'a')).append(']');
            } else {
                pattern.append(letter == ' ' ? '|' : letter);
            }
        }
        return "(?:" + pattern + ")";
    }
}
