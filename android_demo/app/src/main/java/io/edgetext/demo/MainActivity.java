package io.edgetext.demo;

import android.app.Activity;
import android.os.Bundle;
import android.text.Editable;
import android.text.TextWatcher;
import android.util.TypedValue;
import android.view.View;
import android.widget.AdapterView;
import android.widget.ArrayAdapter;
import android.widget.Button;
import android.widget.EditText;
import android.widget.ProgressBar;
import android.widget.Spinner;
import android.widget.TextView;

import io.edgetext.core.Label;
import io.edgetext.core.Latency;
import io.edgetext.core.Prediction;
import io.edgetext.core.Redaction;

import java.util.ArrayList;
import java.util.List;

/**
 * The one screen: text in, intent and slots out. All work is the session's, on its thread.
 *
 * <p>A computer can start it with the extras "asset", the file to load, and "benchmark", true to
 * write the report at once.
 */
public final class MainActivity extends Activity implements Session.Screen {
    private static final String ASSET = "asset";
    private static final String BENCHMARK = "benchmark";

    private Session session;
    private String wanted;
    private Catalog catalog;
    private Highlighter highlighter;

    private Spinner models;
    private Spinner runtimes;
    private EditText text;
    private TextView intent;
    private ProgressBar bar;
    private TextView slots;
    private TextView redacted;
    private TextView latency;
    private TextView truncated;
    private TextView status;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setContentView(R.layout.main);
        models = (Spinner) findViewById(R.id.model);
        runtimes = (Spinner) findViewById(R.id.runtime);
        text = (EditText) findViewById(R.id.text);
        intent = (TextView) findViewById(R.id.intent);
        bar = (ProgressBar) findViewById(R.id.bar);
        slots = (TextView) findViewById(R.id.slots);
        redacted = (TextView) findViewById(R.id.redacted);
        latency = (TextView) findViewById(R.id.latency);
        truncated = (TextView) findViewById(R.id.truncated);
        status = (TextView) findViewById(R.id.status);
        highlighter = new Highlighter(getResources());
        catalog = new Catalog(getAssets());

        session = (Session) getLastNonConfigurationInstance();
        if (session == null) {
            session = new Session(this);
        }
        session.attach(this);
        wanted = session.asset() == null ? getIntent().getStringExtra(ASSET) : session.asset();
        listModels();
        listenToButtons();
    }

    /** After this the text field has back what was typed before a rotation. */
    @Override
    protected void onPostCreate(Bundle state) {
        super.onPostCreate(state);
        text.addTextChangedListener(new TextWatcher() {
            @Override
            public void beforeTextChanged(CharSequence all, int start, int count, int after) {}

            @Override
            public void onTextChanged(CharSequence all, int start, int before, int count) {}

            @Override
            public void afterTextChanged(Editable typed) {
                session.predict(typed.toString());
            }
        });
        session.predict(text.getText().toString());
    }

    @Override
    public Object onRetainNonConfigurationInstance() {
        return session;
    }

    @Override
    protected void onDestroy() {
        session.detach();
        if (!isChangingConfigurations()) {
            session.end();
        }
        super.onDestroy();
    }

    private void listModels() {
        List<String> names = catalog.models();
        if (names.isEmpty()) {
            session.report(getString(R.string.no_model), true);
            return;
        }
        models.setAdapter(choices(names));
        if (wanted != null && wanted.contains(".")) {
            int position = names.indexOf(wanted.substring(0, wanted.lastIndexOf('.')));
            models.setSelection(Math.max(position, 0));
        }
        models.setOnItemSelectedListener(new Choice() {
            @Override
            void chosen(int position) {
                listRuntimes((String) models.getItemAtPosition(position));
            }
        });
    }

    private void listRuntimes(String model) {
        final List<String> files = catalog.files(model);
        List<String> names = new ArrayList<String>();
        for (String file : files) {
            names.add(Catalog.runtime(file));
        }
        runtimes.setAdapter(choices(names));
        runtimes.setSelection(Math.max(files.indexOf(wanted), 0));
        runtimes.setOnItemSelectedListener(new Choice() {
            @Override
            void chosen(int position) {
                String file = files.get(position);
                wanted = file;
                if (!file.equals(session.asset())) {
                    boolean first = session.asset() == null;
                    session.load(file, text.getText().toString());
                    if (first && getIntent().getBooleanExtra(BENCHMARK, false)) {
                        session.benchmark();
                    }
                }
            }
        });
    }

    private ArrayAdapter<String> choices(List<String> names) {
        ArrayAdapter<String> adapter =
                new ArrayAdapter<String>(this, android.R.layout.simple_spinner_item, names);
        adapter.setDropDownViewResource(android.R.layout.simple_spinner_dropdown_item);
        return adapter;
    }

    private void listenToButtons() {
        ((Button) findViewById(R.id.verify)).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View button) {
                session.verify();
            }
        });
        ((Button) findViewById(R.id.benchmark)).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View button) {
                session.benchmark();
            }
        });
    }

    @Override
    public void showAnswer(Prediction answer, Latency times) {
        showIntent(answer);
        slots.setText(highlighter.list(answer));
        highlighter.mark(text.getText(), answer);
        showRedacted(answer);
        latency.setText(getString(R.string.latency, times.size(), times.percentile(50)));
        truncated.setVisibility(answer.truncated ? View.VISIBLE : View.GONE);
        truncated.setText(getString(R.string.truncated, answer.maxBytes));
    }

    /** The text without its spans, of a model whose whole answer they are. */
    private void showRedacted(Prediction answer) {
        boolean isWhole = answer.intent == null && answer.labels == null;
        int visibility = isWhole ? View.VISIBLE : View.GONE;
        findViewById(R.id.redacted_label).setVisibility(visibility);
        redacted.setVisibility(visibility);
        redacted.setText(Redaction.of(answer));
    }

    private void showIntent(Prediction answer) {
        if (answer.labels != null) {
            showLabels(answer);
            return;
        }
        if (answer.intent == null) {
            intent.setText(R.string.intent_none);
            intent.setContentDescription(null);
            bar.setProgress(0);
            return;
        }
        int percent = percent(answer.score);
        boolean isOutside = Boolean.FALSE.equals(answer.inScope);
        String label =
                isOutside ? getString(R.string.intent_outside, answer.intent) : answer.intent;
        intent.setText(getString(R.string.intent_value, label, percent));
        intent.setContentDescription(getString(R.string.intent_description, label, percent));
        bar.setProgress(percent);
    }

    /** All labels of a text, a line each, the likeliest first; the bar shows how sure that one is. */
    private void showLabels(Prediction answer) {
        StringBuilder lines = new StringBuilder();
        for (Label label : answer.labels) {
            lines.append(lines.length() > 0 ? "\n" : "").append(
                    getString(R.string.intent_value, label.name, percent(label.score)));
        }
        intent.setText(lines.length() > 0 ? lines.toString() : getString(R.string.labels_none));
        intent.setContentDescription(null);
        bar.setProgress(answer.labels.isEmpty() ? 0 : percent(answer.labels.get(0).score));
    }

    private static int percent(float score) {
        return Math.round(100 * score);
    }

    @Override
    public void showStatus(String sentence) {
        show(sentence, android.R.attr.textColorPrimary);
    }

    @Override
    public void showError(String sentence) {
        status.setTextColor(getResources().getColor(R.color.error, getTheme()));
        status.setText(sentence);
    }

    private void show(String sentence, int colorAttribute) {
        TypedValue value = new TypedValue();
        getTheme().resolveAttribute(colorAttribute, value, true);
        status.setTextColor(getResources().getColorStateList(value.resourceId, getTheme()));
        status.setText(sentence);
    }

    /** A spinner's choice; having none is no event here. */
    private abstract static class Choice implements AdapterView.OnItemSelectedListener {
        abstract void chosen(int position);

        @Override
        public void onItemSelected(AdapterView<?> spinner, View row, int position, long id) {
            chosen(position);
        }

        @Override
        public void onNothingSelected(AdapterView<?> spinner) {}
    }
}
