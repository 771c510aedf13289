package io.edgetext.core;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Typed reading of JSON out of an artifact; whatever is amiss becomes one sentence. */
final class Fields {
    private Fields() {}

    /** The JSON of UTF-8 bytes; {@code what} names the part of the artifact. */
    static Object parse(byte[] json, String what) {
        try {
            return Json.parse(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString());
        } catch (CharacterCodingException error) {
            throw new EdgeTextException("The model's " + what + " is not UTF-8; export it again.");
        } catch (IllegalArgumentException error) {
            throw new EdgeTextException(
                    "The model's " + what + " is damaged (" + error.getMessage()
                            + "); export it again.", error);
        }
    }

    static <T> T get(Object object, String name, Class<T> type) {
        Object value = object instanceof Map ? ((Map<?, ?>) object).get(name) : null;
        if (!type.isInstance(value)) {
            throw new EdgeTextException(
                    "The model's field \"" + name + "\" is missing or of the wrong kind; "
                            + "export it again.");
        }
        return type.cast(value);
    }

    static int integer(Object object, String name) {
        return get(object, name, Long.class).intValue();
    }

    static String string(Object object, String name, String otherwise) {
        Object value = object instanceof Map ? ((Map<?, ?>) object).get(name) : null;
        return value instanceof String ? (String) value : otherwise;
    }

    static List<String> names(Object object, String name) {
        List<String> names = new ArrayList<String>();
        for (Object item : get(object, name, List.class)) {
            names.add(String.valueOf(item));
        }
        return names;
    }
}
