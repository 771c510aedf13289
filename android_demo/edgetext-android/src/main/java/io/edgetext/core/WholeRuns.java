package io.edgetext.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where spans begin and end: at whole runs of the characters of their label, in one column. */
final class WholeRuns {
    private static final String MARKS = " ,;:|/=-\"'";
    private static final String WORD = "0-9A-Za-z_\u0080-\uffff";
    /** A label of a field and its value are parted so; a key may hold such marks itself. */
    private static final Pattern FIELD = Pattern.compile("(?s).*[:=] ?");
    private static final Pattern OPTION = Pattern.compile("-{0,2}[A-Za-z_-]{3,}=(?=[^=]{4})");
    private static final Pattern COLUMN = Pattern.compile("\t|\r|\n| {2,}");
    private static final Pattern BLANK = Pattern.compile("[ \t\r\n]");
    private static final Map<String, Form> FORMS = forms();

    private WholeRuns() {}

    /** What a value goes on with, what ends none, and what may stand between two parts of one. */
    private static final class Form {
        final Pattern before;
        final Pattern after;
        final Pattern gap;
        final Pattern inside;
        final Pattern field;
        final String tail;

        Form(String before, String after, String tail, String inside, Pattern gap, Pattern field) {
            this.before = Pattern.compile("(?<![" + before + "])[" + before + "]{1,48}\\z");
            this.after = Pattern.compile("[" + after + "]{1,48}(?![" + after + "])");
            this.gap = gap;
            this.inside = Pattern.compile(inside);
            this.field = field;
            this.tail = tail;
        }
    }

    private static Map<String, Form> forms() {
        String digits = "0-9./\\-";
        String codes = "A-Za-z0-9./\\-";
        Form user =
                new Form(WORD + ".\\-", WORD + ".\\-", ".-\"',;:)]", "", BLANK, FIELD);
        Form key = new Form(WORD + ".+/\\-", WORD + ".+/=\\-", ".-", "", BLANK, OPTION);
        Form pass = new Form("A-Za-z0-9", "A-Za-z0-9", "", "", BLANK, FIELD);
        Form person =
                new Form(WORD + "'\\-", WORD + "\\-", MARKS + "?!", "[ \\-]?", COLUMN, FIELD);
        Form phone =
                new Form("0-9+(./\\-", "0-9)./\\-", MARKS + ".(", "", COLUMN, FIELD);
        Map<String, Form> forms = new HashMap<String, Form>();
        for (String label : new String[] {"USERNAME", "USER_NAME"}) {
            forms.put(label, user);
        }
        for (String label : new String[] {"KEY", "API_KEY", "PASSWORD", "SECRET"}) {
            forms.put(label, key);
        }
        for (String label : new String[] {"PASSPORT", "PASSPORT_NUMBER"}) {
            forms.put(label, pass);
        }
        for (String label : new String[] {"PERSON", "NAME"}) {
            forms.put(label, person);
        }
        for (String label : new String[] {"PHONE", "PHONE_NUMBER"}) {
            forms.put(label, phone);
        }
        forms.put(
                "ADDRESS",
                new Form(
                        WORD + "'.\\-", WORD + "\\-", MARKS, "[ ,/.'\\-]{0,3}", COLUMN, FIELD));
        forms.put(
                "DATE_OF_BIRTH",
                new Form(digits, digits, MARKS + ".", "[ ,./\\-]{0,2}", COLUMN, FIELD));
        forms.put(
                "TAX_ID",
                new Form(
                        codes, codes, MARKS + ".", "[ .\\-]?(?:[0-9]{1,3}[ .\\-])?", COLUMN,
                        FIELD));
        return forms;
    }

    /** The pieces, those of known labels as whole runs, without the marks around them. */
    static List<Piece> of(List<Piece> pieces, String text) {
        List<Piece> given = new ArrayList<Piece>();
        for (Piece piece : pieces) {
            Form form = formOf(piece.label);
            join(given, piece, text, form == null ? null : form.inside);
        }
        List<Piece> whole = new ArrayList<Piece>();
        int from = 0;
        for (int n = 0; n < given.size(); n++) {
            Piece piece = given.get(n);
            int next = n + 1 < given.size() ? given.get(n + 1).start : text.length();
            int limit = Math.max(next, piece.end);
            Form form = formOf(piece.label);
            if (form != null) {
                piece = wholeRun(piece, text, form, from, limit);
            }
            if (piece.label.equalsIgnoreCase("ADDRESS")) {
                piece = Addresses.whole(piece, text, Math.max(limit, piece.end));
            }
            if (piece.start < piece.end) {
                whole.add(piece);
            }
            from = Math.max(from, piece.end);
        }
        return whole;
    }

    /** Adds a piece, as one with the last of its label where no more is between than `inside`. */
    static void join(List<Piece> pieces, Piece piece, String text, Pattern inside) {
        Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
        boolean isOne =
                inside != null && last != null && last.label.equals(piece.label)
                        && last.end <= piece.start
                        && inside.matcher(text.substring(last.end, piece.start)).matches();
        if (isOne) {
            pieces.set(pieces.size() - 1, last.at(last.start, piece.end));
        } else {
            pieces.add(piece);
        }
    }

    private static Form formOf(String label) {
        return FORMS.get(label.toUpperCase(Locale.ROOT));
    }

    private static Piece wholeRun(Piece piece, String text, Form form, int from, int limit) {
        int start = piece.start;
        int end = piece.end;
        Matcher field = form.field.matcher(text.substring(start, end));
        if (field.lookingAt() && start + field.end() < end) {
            start += field.end();
        }
        while (start < end && MARKS.indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        int gap = Piece.startOf(form.gap, text.substring(start, end));
        if (gap >= 0) {
            end = start + gap;
        } else {
            int after = Piece.endOf(form.after, text, end);
            end = after < 0 ? end : Math.min(after, limit);
        }
        if (from < start && start < end) {
            int before = Piece.startOf(form.before, text.substring(from, start));
            start = before < 0 ? start : from + before;
        }
        while (start < end && form.tail.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return withoutMarks(inBrackets(piece.at(start, end), text), text);
    }

    /** A value without the brackets around all of it, and with the one that closes its own. */
    private static Piece inBrackets(Piece piece, String text) {
        String words = piece.in(text);
        int opened = count(words, '(');
        boolean closes = piece.end < text.length() && text.charAt(piece.end) == ')';
        if (opened > count(words, ')') && closes) {
            return piece.at(piece.start, piece.end + 1);
        }
        if (words.length() < 2 || !words.startsWith("(") || !words.endsWith(")")) {
            return piece;
        }
        String inner = words.substring(1, words.length() - 1);
        boolean around =
                inner.indexOf(')') >= inner.indexOf('(') && count(inner, '(') == count(inner, ')');
        return around ? piece.at(piece.start + 1, piece.end - 1) : piece;
    }

    private static int count(String words, char mark) {
        int count = 0;
        for (int i = 0; i < words.length(); i++) {
            count += words.charAt(i) == mark ? 1 : 0;
        }
        return count;
    }

    /** A value without the marks beyond ASCII around it, as quotation marks and dashes. */
    private static Piece withoutMarks(Piece piece, String text) {
        int start = piece.start;
        int end = piece.end;
        if (start >= end || (text.charAt(start) < 0x80 && text.charAt(end - 1) < 0x80)) {
            return piece;
        }
        while (start < end && isMark(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (start < end && isMark(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return piece.at(start, end);
    }

    private static boolean isMark(int character) {
        if (character < 0x80) {
            return character == ' ';
        }
        switch (Character.getType(character)) {
            case Character.CONNECTOR_PUNCTUATION:
            case Character.DASH_PUNCTUATION:
            case Character.START_PUNCTUATION:
            case Character.END_PUNCTUATION:
            case Character.INITIAL_QUOTE_PUNCTUATION:
            case Character.FINAL_QUOTE_PUNCTUATION:
            case Character.OTHER_PUNCTUATION:
            case Character.MATH_SYMBOL:
            case Character.CURRENCY_SYMBOL:
            case Character.MODIFIER_SYMBOL:
            case Character.OTHER_SYMBOL:
            case Character.SPACE_SEPARATOR:
            case Character.LINE_SEPARATOR:
            case Character.PARAGRAPH_SEPARATOR:
                return true;
            default:
                return false;
        }
    }
}
