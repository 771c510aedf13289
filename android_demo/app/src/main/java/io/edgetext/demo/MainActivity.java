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

import io.edgetext.core.Latency;
import io.edgetext.core.Prediction;

import java.util.ArrayList;
import java.util.List;

/** The one screen: text in, intent and slots out. All work is the session's, on its thread. */
public final class MainActivity extends Activity implements Session.Screen {
    private Session session;
    private Catalog catalog;
    private Highlighter highlighter;

    private Spinner models;
    private Spinner runtimes;
    private EditText text;
    private TextView intent;
    private ProgressBar bar;
    private TextView slots;
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
        if (session.asset() != null) {
            String asset = session.asset();
            models.setSelection(names.indexOf(asset.substring(0, asset.lastIndexOf('.'))));
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
        if (files.contains(session.asset())) {
            runtimes.setSelection(files.indexOf(session.asset()));
        }
        runtimes.setOnItemSelectedListener(new Choice() {
            @Override
            void chosen(int position) {
                String file = files.get(position);
                if (!file.equals(session.asset())) {
                    session.load(file, text.getText().toString());
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
        int percent = Math.round(100 * answer.score);
        intent.setText(getString(R.string.intent_value, answer.intent, percent));
        intent.setContentDescription(
                getString(R.string.intent_description, answer.intent, percent));
        bar.setProgress(percent);
        slots.setText(highlighter.list(answer));
        highlighter.mark(text.getText(), answer);
        latency.setText(getString(R.string.latency, times.size(), times.percentile(50)));
        truncated.setVisibility(answer.truncated ? View.VISIBLE : View.GONE);
        truncated.setText(getString(R.string.truncated, answer.maxBytes));
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
