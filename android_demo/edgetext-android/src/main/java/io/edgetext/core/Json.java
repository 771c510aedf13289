package io.edgetext.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON (RFC 8259) as Map, List, String, Double, Long, Boolean and null, without Android's org.json,
 * which a desktop JVM lacks.
 */
public final class Json {
    private static final int MAX_DEPTH = 64;

    private final String source;
    private int at;

    private Json(String source) {
        this.source = source;
    }

    /**
     * Read one value.
     *
     * @param source the text
     * @return the value
     * @throws IllegalArgumentException when the text is not JSON, with the character where it breaks
     */
    public static Object parse(String source) {
        Json reader = new Json(source);
        Object value = reader.value(0);
        reader.space();
        if (reader.at != source.length()) {
            throw reader.broken("text after the value");
        }
        return value;
    }

    private Object value(int depth) {
        space();
        if (depth > MAX_DEPTH) {
            throw broken("too many levels");
        }
        char next = peek();
        switch (next) {
            case '{':
                return object(depth);
            case '[':
                return array(depth);
            case '"':
                return string();
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> map = new LinkedHashMap<String, Object>();
        at++;
        space();
        if (peek() == '}') {
            at++;
            return map;
        }
        while (true) {
            space();
            if (peek() != '"') {
                throw broken("a name was expected");
            }
            String name = string();
            space();
            take(':');
            map.put(name, value(depth + 1));
            space();
            if (peek() == '}') {
                at++;
                return map;
            }
            take(',');
        }
    }

    private List<Object> array(int depth) {
        List<Object> list = new ArrayList<Object>();
        at++;
        space();
        if (peek() == ']') {
            at++;
            return list;
        }
        while (true) {
            list.add(value(depth + 1));
            space();
            if (peek() == ']') {
                at++;
                return list;
            }
            take(',');
        }
    }

    private String string() {
        StringBuilder text = new StringBuilder();
        at++;
        while (true) {
            char next = peek();
            at++;
            if (next == '"') {
                return text.toString();
            }
            if (next < 0x20) {
                throw broken("a control character in a string");
            }
            text.append(next == '\\' ? escape() : next);
        }
    }

    private char escape() {
        char next = peek();
        at++;
        switch (next) {
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                return unicode();
            case '"':
            case '\\':
            case '/':
                return next;
            default:
                throw broken("an unknown escape");
        }
    }

    private char unicode() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw broken("four hexadecimal digits were expected");
            }
            unit = 16 * unit + digit;
            at++;
        }
        return (char) unit;
    }

    private Object number() {
        int begin = at;
        while (at < source.length() && "+-.eE0123456789".indexOf(source.charAt(at)) >= 0) {
            at++;
        }
        String digits = source.substring(begin, at);
        try {
            if (digits.matches("-?\\d+")) {
                return Long.valueOf(digits);
            }
            return Double.valueOf(digits);
        } catch (NumberFormatException error) {
            at = begin;
            throw broken("a value was expected");
        }
    }

    private Object word(String word, Object meaning) {
        if (!source.startsWith(word, at)) {
            throw broken("a value was expected");
        }
        at += word.length();
        return meaning;
    }

    private void take(char wanted) {
        if (peek() != wanted) {
            throw broken("'" + wanted + "' was expected");
        }
        at++;
    }

    private char peek() {
        if (at >= source.length()) {
            throw broken("the text ends too early");
        }
        return source.charAt(at);
    }

    private void space() {
        while (at < source.length() && " \t\r\n".indexOf(source.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException broken(String why) {
        return new IllegalArgumentException("not JSON: " + why + " at character " + at);
    }

    /**
     * One line of JSON; a String's lone surrogates are escaped, so the line is valid UTF-8.
     *
     * @param value of the kinds that {@link #parse} gives
     * @return the line, without its end
     * @throws IllegalArgumentException for a number that JSON has not
     */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        append(value, out);
        return out.toString();
    }

    private static void append(Object value, StringBuilder out) {
        if (value instanceof Map) {
            char before = '{';
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                out.append(before);
                quote(String.valueOf(entry.getKey()), out);
                out.append(": ");
                append(entry.getValue(), out);
                before = ',';
            }
            out.append(before == '{' ? "{}" : "}");
        } else if (value instanceof Iterable) {
            char before = '[';
            for (Object item : (Iterable<?>) value) {
                out.append(before);
                append(item, out);
                before = ',';
            }
            out.append(before == '[' ? "[]" : "]");
        } else if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Number) {
            double number = ((Number) value).doubleValue();
            if (Double.isNaN(number) || Double.isInfinite(number)) {
                throw new IllegalArgumentException("JSON has no " + number);
            }
            out.append(value);
        } else {
            quote(value.toString(), out);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit == '"' || unit == '\\') {
                out.append('\\').append(unit);
            } else if (unit < 0x20 || unit >= 0x7F) {
                out.append(String.format("\\u%04x", (int) unit));
            } else {
                out.append(unit);
            }
        }
        out.append('"');
    }
}
