package io.edgetext.core;

import java.util.Arrays;

/** Times of the last calls, in nanoseconds. */
public final class Latency {
    private final long[] times;
    private long count;

    /**
     * Keep the times of some calls.
     *
     * @param last how many
     */
    public Latency(int last) {
        times = new long[last];
    }

    /**
     * Keep one more, for which the oldest goes.
     *
     * @param nanos its time
     */
    public void add(long nanos) {
        times[(int) (count++ % times.length)] = nanos;
    }

    /**
     * How many there are.
     *
     * @return no more than are kept
     */
    public int size() {
        return (int) Math.min(count, times.length);
    }

    /** Forget all of them. */
    public void clear() {
        count = 0;
    }

    /**
     * The nearest-rank percentile in milliseconds; NaN when there is no call yet.
     *
     * @param percent 0 to 100
     * @return milliseconds, or NaN
     */
    public double percentile(double percent) {
        int size = size();
        if (size == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(times, size);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * size);
        return sorted[Math.max(rank, 1) - 1] / 1e6;
    }
}
