package io.edgetext.demo;

import android.content.res.Resources;
import android.content.res.TypedArray;
import android.graphics.Color;
import android.text.Spannable;
import android.text.SpannableStringBuilder;
import android.text.Spanned;
import android.text.style.BackgroundColorSpan;

import io.edgetext.core.Prediction;
import io.edgetext.core.Span;

/** Slot labels as background colours. */
final class Highlighter {
    /** Our own kind, so that spans of the keyboard are left alone. */
    private static final class Mark extends BackgroundColorSpan {
        Mark(int color) {
            super(color);
        }
    }

    private final Resources resources;
    private final int[] colors;

    Highlighter(Resources resources) {
        this.resources = resources;
        TypedArray array = resources.obtainTypedArray(R.array.slots);
        colors = new int[array.length()];
        for (int i = 0; i < colors.length; i++) {
            colors[i] = array.getColor(i, Color.TRANSPARENT);
        }
        array.recycle();
    }

    /** Mark the slots in {@code text}, unless it has changed since the question. */
    void mark(Spannable text, Prediction answer) {
        for (Mark mark : text.getSpans(0, text.length(), Mark.class)) {
            text.removeSpan(mark);
        }
        if (!answer.text.contentEquals(text)) {
            return;
        }
        for (Span span : answer.spans) {
            text.setSpan(new Mark(color(span)), span.start, span.end,
                    Spanned.SPAN_EXCLUSIVE_EXCLUSIVE);
        }
    }

    /** The slots as lines "label: words", which a screen reader can read; a sentence without any. */
    CharSequence list(Prediction answer) {
        if (answer.spans.isEmpty()) {
            return resources.getString(answer.text.trim().isEmpty()
                    ? R.string.slots_no_words
                    : R.string.slots_none);
        }
        SpannableStringBuilder lines = new SpannableStringBuilder();
        for (Span span : answer.spans) {
            if (lines.length() > 0) {
                lines.append('\n');
            }
            int start = lines.length();
            lines.append(resources.getString(R.string.slot_line, span.label,
                    answer.text.substring(span.start, span.end)));
            lines.setSpan(new Mark(color(span)), start, start + span.label.length(),
                    Spanned.SPAN_EXCLUSIVE_EXCLUSIVE);
        }
        return lines;
    }

    private int color(Span span) {
        return colors[span.labelIndex % colors.length];
    }
}
