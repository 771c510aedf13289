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

    private ArtifactFile() {}

    /**
     * @param sha256 the expected hash in hexadecimal, or null to check only what the file says
     * @throws EdgeTextException when the file is cut, foreign or changed
     */
    public static void check(File file, String sha256) {
        try {
            if (file.length() == 0) {
                throw new EdgeTextException(
                        "The model \"" + file.getName() + "\" is empty; copy it again.");
            }
            if (sha256 != null && !sha256.trim().equalsIgnoreCase(hash(file))) {
                throw new EdgeTextException(
                        "The model \"" + file.getName()
                                + "\" is not the file that was exported; copy it again.");
            }
            if (file.getName().endsWith(".pte")) {
                checkProgram(file);
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

    private static EdgeTextException cut(File file) {
        return new EdgeTextException(
                "The model \"" + file.getName() + "\" is cut short; copy it again.");
    }

    private static String hash(File file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException error) {
            throw new IllegalStateException("every Java has SHA-256", error);
        }
        try (InputStream input = new FileInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        StringBuilder digits = new StringBuilder();
        for (byte value : digest.digest()) {
            digits.append(String.format("%02x", value & 0xFF));
        }
        return digits.toString();
    }
}
