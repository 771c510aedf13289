package io.edgetext.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where names of persons begin and end: from capital to capital, without forms of address. */
final class WholeNames {
    private enum Kind { NAME, SMALL, OTHER, UNKNOWN }

    private static final String SMALL = "(?:" + NameWords.OFTEN + "|" + NameWords.PARTS + ")";
    private static final Pattern BEGINS_LARGE =
            Pattern.compile("(?:^|[^A-Za-z\u0080-\uffff])" + NameWords.CAPITAL);
    /** What may be a letter of a script without capitals, or small ones that are not told here. */
    private static final Pattern UNCASED = Pattern.compile("[\u0280-\u1fff\u3000-\uffff]");
    private static final Pattern BETWEEN = Pattern.compile(" (?:" + SMALL + " ){1,3}");
    private static final Pattern BEFORE_SMALL =
            Pattern.compile(NameWords.AROUND + NameWords.NAME + " \\z");
    /** At most one comma is in a name, before the given one, and no bracket. */
    private static final Pattern PART =
            Pattern.compile("[^,(]+(?:, ?[^,(]+)?(?:[,(] ?|\\z)|[,(]");
    private static final Pattern WORD = Pattern.compile("[^ \t\r\n\f\u000b,;:()<>\"]+");
    private static final Pattern WORD_AND_BLANK = Pattern.compile("[^ ]+ +(?=[^ ])");
    /** What ends a sentence within a span: no initial, and no form of address. */
    private static final Pattern SENTENCE_END = Pattern.compile("[a-z\u0080-\uffff]{3}[.!?]\\z");
    private static final Pattern ENDS =
            Pattern.compile(
                    "(?: " + SMALL + ")+\\z|['\u2019]s\\z|(?<=[a-z\u0080-\uffff]{3})[.!?]\\z");

    private WholeNames() {}

    static boolean isName(String label) {
        String name = label.toUpperCase(Locale.ROOT);
        return name.equals("PERSON") || name.equals("NAME");
    }

    /** The pieces, those of persons as whole names. */
    static List<Piece> of(List<Piece> pieces, String text) {
        List<Piece> given = new ArrayList<Piece>();
        for (Piece piece : pieces) {
            WholeRuns.join(given, piece, text, isName(piece.label) ? BETWEEN : null);
        }
        List<Piece> whole = new ArrayList<Piece>();
        for (int n = 0; n < given.size(); n++) {
            int limit = n + 1 < given.size() ? given.get(n + 1).start : text.length();
            if (isName(given.get(n).label)) {
                addNames(whole, given.get(n), text, limit);
            } else {
                whole.add(given.get(n));
            }
        }
        return whole;
    }

    /** Adds the names of a piece, the first from where it begins, the last as far as it goes on. */
    private static void addNames(List<Piece> whole, Piece piece, String text, int limit) {
        int since = whole.isEmpty() ? 0 : whole.get(whole.size() - 1).end;
        List<Piece> names = new ArrayList<Piece>();
        Matcher parts = PART.matcher(piece.in(text));
        while (parts.find()) {
            addWords(names, piece.at(piece.start + parts.start(), piece.start + parts.end()), text);
        }
        for (int n = 0; n < names.size(); n++) {
            Piece name = names.get(n);
            int start = n == 0 ? begun(name, text, since) : name.start;
            int end = name.end;
            if (n + 1 == names.size() && end >= piece.end - 1) {
                // Who has two names already is seldom followed by what stands inside of them, but
                // by what they are of: "Jan Koch von Hotel Roth".
                boolean isWhole = end == piece.end && text.substring(start, end).contains(" ");
                end = NameWords.grown(text, end, limit, isWhole);
                int last = Piece.startOf(ENDS, text.substring(start, end));
                end = Companies.until(text, start, last < 0 ? end : start + last);
            }
            if (start < end) {
                whole.add(piece.at(start, end));
            }
        }
    }

    /** Where a name begins of which a model saw the last words: before what stands inside. */
    private static int begun(Piece name, String text, int since) {
        String words = name.in(text);
        if (NameWords.SMALL.matcher(words.substring(0, (words + " ").indexOf(' '))).matches()) {
            Matcher before = BEFORE_SMALL.matcher(text.substring(since, name.start));
            if (!before.find()) {
                return name.start;
            }
            if (!NameWords.NO_NAMES.contains(NameWords.lower(before.group().trim()))) {
                return since + before.start();
            }
            // No name goes on in "Ik ben Anna".
            Matcher small = WORD_AND_BLANK.matcher(words);
            return small.lookingAt() ? name.start + small.end() : name.start;
        }
        return name.start;
    }

    /** Adds the names within a piece: runs of words with capitals; all of it without such. */
    private static void addWords(List<Piece> names, Piece piece, String text) {
        List<Piece> words = new ArrayList<Piece>();
        List<Kind> kinds = new ArrayList<Kind>();
        Matcher matcher = WORD.matcher(piece.in(text));
        while (matcher.find()) {
            words.add(piece.at(piece.start + matcher.start(), piece.start + matcher.end()));
            kinds.add(kindOf(matcher.group()));
        }
        if (!kinds.contains(Kind.NAME) || kinds.contains(Kind.UNKNOWN)) {
            String all = NameWords.lower(piece.in(text));
            if (words.size() > 1 || !NameWords.NO_NAMES.contains(all)) {
                names.add(piece);
            }
            return;
        }
        int first = -1;
        int last = -1;
        for (int n = 0; n < words.size(); n++) {
            Piece word = words.get(n);
            boolean ends = kinds.get(n) == Kind.OTHER;
            int until = last;
            if (!ends) {
                first = first < 0 ? word.start : first;
            }
            if (kinds.get(n) == Kind.NAME) {
                last = word.end;
                until = last - 1;
                ends = last < piece.end && SENTENCE_END.matcher(word.in(text)).find();
            }
            if (ends) {
                if (first >= 0 && last >= 0) {
                    names.add(piece.at(first, until));
                }
                first = -1;
                last = -1;
            }
        }
        if (first >= 0 && last >= 0) {
            // What stands inside of names, at the end of one, leads to the next word.
            boolean leads = kinds.get(kinds.size() - 1) == Kind.SMALL;
            names.add(piece.at(first, leads ? piece.end : last));
        }
    }

    private static Kind kindOf(String word) {
        boolean isTitle = NameWords.TITLES.matcher(word).matches();
        if (isTitle || NameWords.NO_NAMES.contains(NameWords.lower(word))) {
            return Kind.OTHER;
        }
        if (BEGINS_LARGE.matcher(word).find()) {
            return Kind.NAME;
        }
        if (NameWords.SMALL.matcher(word).matches()) {
            return Kind.SMALL;
        }
        return UNCASED.matcher(word).lookingAt() ? Kind.UNKNOWN : Kind.OTHER;
    }
}
