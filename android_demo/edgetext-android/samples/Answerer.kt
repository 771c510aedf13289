package io.edgetext.samples

import android.content.Context
import io.edgetext.EdgeText
import io.edgetext.core.EdgeTextException
import io.edgetext.slots
import java.io.Closeable
import java.util.concurrent.Callable
import java.util.concurrent.Executors

/**
 * Answers texts on a thread of its own, since loading and answering block, and hands to [show] what
 * a screen shows: an intent with the words of each slot, or a sentence on what went wrong.
 */
class Answerer(context: Context, asset: String, private val show: (String) -> Unit) : Closeable {
    private val thread = Executors.newSingleThreadExecutor()
    private val model = thread.submit(Callable { EdgeText.load(context, asset) })

    /** Come back at once; [show] is called on this class's thread. */
    fun ask(text: String) {
        thread.execute { show(answer(text)) }
    }

    private fun answer(text: String): String =
        try {
            val answer = model.get().predict(text)
            "${answer.intent ?: "no intent"}: ${answer.slots()}"
        } catch (error: java.util.concurrent.ExecutionException) {
            // What loading threw, every time anew.
            error.cause?.message ?: error.toString()
        } catch (error: EdgeTextException) {
            error.message!!
        }

    override fun close() {
        thread.execute { runCatching { model.get().close() } }
        thread.shutdown()
    }
}
