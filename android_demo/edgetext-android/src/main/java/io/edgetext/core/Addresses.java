package io.edgetext.core;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where an address begins and ends: behind a company or the word for one, with a whole town. */
final class Addresses {
    private static final Pattern FIELD =
            Pattern.compile(
                    "(?:address|adresse|anschrift|wohnung|dirección|domicilio|indirizzo|adres"
                            + "|endereço)[:,]? ",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern COMPANY =
            Pattern.compile(
                    "[^0-9,]+, (?=[0-9]+ [A-Z][a-z]+ [A-Z]|(?:Flat|Apt|Unit) [0-9]"
                            + "|(?:[A-Z]{1,2}-)?[0-9]{4,5} [A-Z\u00c0-\u00ff]"
                            + "|(?:[A-Z][a-z\u0080-\uffff]|[\u0080-\uffff])[^0-9,]* [0-9])");
    private static final Pattern STREET =
            Pattern.compile(
                    "(?:stra(?:ß|ss)e|str\\.|weg|platz|allee|gasse|ring|straat|laan|plein|gracht|kade"
                            + "|(?<![0-9A-Za-z_])(?:street|road|lane|avenue|drive|rue|boulevard"
                            + "|place|calle|avda?|avenida|paseo|plaza|vía|ronda|via|viale|corso"
                            + "|piazza|p\\.zza|largo|vicolo|rua|praça|alameda|travessa|av))"
                            + "(?![0-9A-Za-z_])",
                    Pattern.CASE_INSENSITIVE);
    /** A number or a code and a full stop, which ends the sentence, and what goes on after it. */
    private static final Pattern STOP =
            Pattern.compile(
                    "(?<=[0-9A-Z]{2})\\.\\z"
                            + "| (?:since|seit|ab|depuis|desde|dal|sinds)(?: [0-9]+)?\\z");
    private static final Pattern POSTCODE =
            Pattern.compile("(?:(?<![0-9A-Za-z])[0-9]{4,5}|(?<![0-9A-Za-z])[0-9]{4} ?[A-Z]{2})\\z");
    private static final Pattern STATE = Pattern.compile("[A-Z]{2} [0-9-]+\\z");
    private static final Pattern TOWN =
            Pattern.compile(" (?:[A-Z\u00c0-\u00de]|'s-)[-A-Za-z\u0080-\uffff]{2,}");
    /** Of the names of towns what their first words need, and what follows their last. */
    private static final Pattern TWO_WORDS =
            Pattern.compile("(?:Bad|Sankt|San|Santa|Reggio|Den|Porto|Vila|New) ?\\z");
    private static final Pattern RIVER =
            Pattern.compile(
                    " (?:aan (?:Zee|den Rijn|de Maas)|am (?:Main|Rhein|Neckar|See))(?![A-Za-z])");

    private Addresses() {}

    /** The piece of an address, without what is named before it and with its whole town. */
    static Piece whole(Piece piece, String text, int limit) {
        int start = piece.start;
        Matcher field = FIELD.matcher(piece.in(text));
        if (field.lookingAt()) {
            start += field.end();
        }
        Matcher company = COMPANY.matcher(text.substring(start, piece.end));
        if (company.lookingAt() && !STREET.matcher(company.group()).find()) {
            start += company.end();
        }
        int stop = Piece.startOf(STOP, text.substring(start, piece.end));
        int end = stop < 0 ? piece.end : start + stop;
        String words = text.substring(start, end);
        if (POSTCODE.matcher(words).find() && !STATE.matcher(words).find()) {
            end = with(TOWN, text, end, limit);
        }
        if (TWO_WORDS.matcher(text.substring(start, end)).find()) {
            end = with(TOWN, text, end, limit);
        }
        return piece.at(start, with(RIVER, text, end, limit));
    }

    private static int with(Pattern after, String text, int end, int limit) {
        int last = Piece.endOf(after, text, end);
        return last < 0 || last > limit ? end : last;
    }
}
