package io.edgetext.core;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What an {@code .onnx} says of itself, read without an engine: one that is too old for the file may
 * end the process when it loads or runs it.
 */
public final class OnnxFile {
    /** ONNX's ModelProto: field 14 holds entries of key (1) and value (2). */
    private static final int METADATA_PROPS = 14;

    private static final int KEY = 1;
    private static final int VALUE = 2;

    /** Protobuf's wire types. */
    private static final int VARINT = 0;

    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final InputStream input;
    private final Map<String, byte[]> found = new HashMap<String, byte[]>();
    private long at;

    private OnnxFile(InputStream input) {
        this.input = input;
    }

    /**
     * The model's metadata.
     *
     * @param file the model
     * @return UTF-8 texts by name
     * @throws EdgeTextException when the file is no ONNX model or is cut
     */
    public static Map<String, byte[]> metadata(File file) {
        try (InputStream input = new BufferedInputStream(new FileInputStream(file))) {
            OnnxFile reader = new OnnxFile(input);
            reader.read(file.length());
            return reader.found;
        } catch (IOException error) {
            throw new EdgeTextException(
                    "The model \"" + file.getName() + "\" is no ONNX model that can be read ("
                            + error.getMessage() + "); copy it again.",
                    error);
        }
    }

    private void read(long size) throws IOException {
        while (at < size) {
            long key = varint();
            long length = length(key, size);
            if (key == (METADATA_PROPS << 3 | BYTES)) {
                entry(at + length);
            } else {
                skip(length);
            }
        }
    }

    private void entry(long end) throws IOException {
        String name = "";
        byte[] value = new byte[0];
        while (at < end) {
            long key = varint();
            long length = length(key, end);
            if (key == (KEY << 3 | BYTES)) {
                name = new String(bytes(length), StandardCharsets.UTF_8);
            } else if (key == (VALUE << 3 | BYTES)) {
                value = bytes(length);
            } else {
                skip(length);
            }
        }
        found.put(name, value);
    }

    /** The bytes of a field's value, which must end within {@code end}. */
    private long length(long key, long end) throws IOException {
        long length;
        switch ((int) (key & 7)) {
            case VARINT:
                varint();
                length = 0;
                break;
            case FIXED64:
                length = 8;
                break;
            case BYTES:
                length = varint();
                break;
            case FIXED32:
                length = 4;
                break;
            default:
                throw new IOException("a field of no known kind");
        }
        if (length < 0 || length > end - at) {
            throw new EOFException("cut short");
        }
        return length;
    }

    private long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = input.read();
            if (next < 0) {
                throw new EOFException("cut short");
            }
            at++;
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IOException("a number without end");
    }

    private byte[] bytes(long length) throws IOException {
        if (length > Integer.MAX_VALUE) {
            throw new IOException("a text too long");
        }
        byte[] content = new byte[(int) length];
        for (int size = 0; size < content.length; ) {
            int read = input.read(content, size, content.length - size);
            if (read < 0) {
                throw new EOFException("cut short");
            }
            size += read;
        }
        at += length;
        return content;
    }

    private void skip(long length) throws IOException {
        for (long left = length; left > 0; ) {
            long skipped = input.skip(left);
            if (skipped <= 0) {
                throw new EOFException("cut short");
            }
            left -= skipped;
        }
        at += length;
    }
}
