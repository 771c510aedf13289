package io.edgetext.core;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Checks of an artifact's bytes before an engine maps them: native code that meets a damaged
 * {@code .pte} may stop the whole process, which no catch clause sees.
 */
public final class ArtifactFile {
    private static final int BUFFER = 1 << 16;
    /** A .pte: offset of its root (4 bytes), "ET12", then the extended header from byte 8. */
    private static final int HEAD = 40;

    private static final int MAGIC = 4;
    private static final int HEADER = 8;
    private static final int PROGRAM_SIZE = 16;
    private static final int SEGMENT_BASE = 24;
    private static final int SEGMENT_SIZE = 32;

    private static final int DIGITS = 64;
    /** What stands before the digits of the seal, as characters below U+0100. */
    private static final String PROGRAM_SEAL = "edgetext_sha256:";
    /** The same as an entry of ONNX's metadata_props: field 14 of 83 bytes, its key and value. */
    private static final String MODEL_SEAL = "rS\n\17edgetext_sha256\22@";

    private ArtifactFile() {}

    /**
     * Check a file before an engine sees it.
     *
     * @param file the artifact
     * @param sha256 the expected hash in hexadecimal, or null to check only what the file says, which
     *     is its header and its seal: the hash at its end of all before it
     * @throws EdgeTextException when the file is cut, foreign or changed
     */
    public static void check(File file, String sha256) {
        try {
            if (file.length() == 0) {
                throw new EdgeTextException(
                        "The model \"" + file.getName() + "\" is empty; copy it again.");
            }
            if (sha256 != null && !sha256.trim().equalsIgnoreCase(hash(file, file.length()))) {
                throw changed(file);
            }
            boolean program = file.getName().endsWith(".pte");
            if (program) {
                checkProgram(file);
            }
            if (sha256 == null) {
                checkSeal(file, program ? PROGRAM_SEAL : MODEL_SEAL);
            }
        } catch (IOException error) {
            throw new EdgeTextException(
                    "The model \"" + file.getName() + "\" could not be read.", error);
        }
    }

    /** The extended header of ExecuTorch's file format tells how long the file must be. */
    private static void checkProgram(File file) throws IOException {
        byte[] head = new byte[HEAD];
        try (RandomAccessFile input = new RandomAccessFile(file, "r")) {
            if (input.length() < HEAD) {
                throw cut(file);
            }
            input.readFully(head);
        }
        String magic = new String(head, MAGIC, 4, StandardCharsets.US_ASCII);
        if (!magic.startsWith("ET")) {
            throw new EdgeTextException(
                    "The model \"" + file.getName() + "\" is no ExecuTorch file; copy it again.");
        }
        if (!"eh00".equals(new String(head, HEADER, 4, StandardCharsets.US_ASCII))) {
            return;
        }
        ByteBuffer numbers = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        long program = numbers.getLong(PROGRAM_SIZE);
        long base = numbers.getLong(SEGMENT_BASE);
        // Headers of 24 bytes and less do not tell the segments' size.
        long segments = numbers.getInt(HEADER + 4) >= 32 ? numbers.getLong(SEGMENT_SIZE) : 0;
        if (program < 0 || base < 0 || segments < 0
                || file.length() < Math.max(program, base + segments)) {
            throw cut(file);
        }
    }

    private static void checkSeal(File file, String prefix) throws IOException {
        byte[] seal = new byte[prefix.length() + DIGITS];
        long body = file.length() - seal.length;
        if (body < 0) {
            throw cut(file);
        }
        try (RandomAccessFile input = new RandomAccessFile(file, "r")) {
            input.seek(body);
            input.readFully(seal);
        }
        String text = new String(seal, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(prefix)) {
            throw new EdgeTextException(
                    "The model \"" + file.getName() + "\" was not made by edgetext export or is "
                            + "cut short; copy it again.");
        }
        if (!text.endsWith(hash(file, body))) {
            throw changed(file);
        }
    }

    private static EdgeTextException changed(File file) {
        return new EdgeTextException(
                "The model \"" + file.getName()
                        + "\" is not the file that was exported; copy it again.");
    }

    private static EdgeTextException cut(File file) {
        return new EdgeTextException(
                "The model \"" + file.getName() + "\" is cut short; copy it again.");
    }

    /** The SHA-256 of the file's first bytes, in hexadecimal. */
    private static String hash(File file, long size) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException error) {
            throw new IllegalStateException("every Java has SHA-256", error);
        }
        try (InputStream input = new FileInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (long left = size; left > 0; ) {
                int read = input.read(buffer, 0, (int) Math.min(left, BUFFER));
                if (read < 0) {
                    throw cut(file);
                }
                digest.update(buffer, 0, read);
                left -= read;
            }
        }
        StringBuilder digits = new StringBuilder();
        for (byte value : digest.digest()) {
            digits.append(String.format("%02x", value & 0xFF));
        }
        return digits.toString();
    }
}
