package io.edgetext.core;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of users that their field tells: user=anna, "login": "anna", User name: anna. */
final class UserFields {
    private static final String WORD = "0-9A-Za-z_\u0080-\uffff";
    private static final String VALUE =
            "([" + WORD + "][" + WORD + ".\\-]{0,62}[" + WORD + "])";
    private static final Pattern SPOTS = Pattern.compile("[=:\t]| - ");
    private static final Pattern BEFORE_CODE =
            Pattern.compile(
                    "(?<![0-9A-Za-z_.])(?:user|username|user_name|login|uid|usr|nick|nickname"
                            + "|logname)[\"']?\\z",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern AFTER_CODE =
            Pattern.compile(
                    "(?:=|(?<=[\"']):) ?([\"']?)" + VALUE + "(?![" + WORD + "@])\\1");
    private static final Pattern BEFORE_FORM =
            Pattern.compile(
                    "(?<![0-9A-Za-z_.\\-])(?<!last )(?:user[ _-]?(?:name|id)|uid|log-?in(?: name)?"
                            + "|account name|nick(?:name)?|handle|screen ?name"
                            + "|benutzer-?(?:name|id)|nutzername|anmeldename|kontoname"
                            + "|nom d'utilisateur|identifiant|pseudo|(?:nombre de )?usuario"
                            + "|(?:nome )?utente|gebruikersnaam|inlognaam|(?:nome de )?usuário) ?\\z",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern AFTER_FORM =
            Pattern.compile(
                    "(?:\t|[=:] ?| - )()" + VALUE + "(?![" + WORD + "@]|\\.[0-9A-Za-z_])");
    private static final Pattern LETTER = Pattern.compile("[^0-9_.\\-]");
    private static final int LONGEST = 20;

    private UserFields() {}

    static boolean isUser(String label) {
        return label.equalsIgnoreCase("USERNAME") || label.equalsIgnoreCase("USER_NAME");
    }

    /** Where names of users stand that their field tells; numbers alone are none. */
    static List<Piece> in(String text, String label) {
        List<Piece> places = new ArrayList<Piece>();
        Matcher spots = SPOTS.matcher(text);
        while (spots.find()) {
            int at = spots.start();
            String field = text.substring(Math.max(0, at - LONGEST), at);
            Piece place = told(text, label, at, field, BEFORE_CODE, AFTER_CODE);
            if (place == null) {
                place = told(text, label, at, field, BEFORE_FORM, AFTER_FORM);
            }
            if (place != null && LETTER.matcher(place.in(text)).find()) {
                places.add(place);
            }
        }
        return places;
    }

    private static Piece told(
            String text, String label, int at, String field, Pattern before, Pattern after) {
        Matcher matcher = after.matcher(text).region(at, text.length());
        matcher.useTransparentBounds(true);
        if (!matcher.lookingAt() || !before.matcher(field).find()) {
            return null;
        }
        return new Piece(label, matcher.start(2), matcher.end(2));
    }
}
