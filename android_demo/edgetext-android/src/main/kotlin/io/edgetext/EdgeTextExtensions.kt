package io.edgetext

import io.edgetext.core.Prediction
import io.edgetext.core.Span

/** The words of a slot: `prediction.words(span)`. */
fun Prediction.words(span: Span): String = text.substring(span.start, span.end)

/** Where a slot lies, as Kotlin counts: `text.slice(span.range)`. */
val Span.range: IntRange
    get() = start until end

/** Slot label to words; the last one wins where a label comes twice. */
fun Prediction.slots(): Map<String, String> = spans.associate { it.label to words(it) }
