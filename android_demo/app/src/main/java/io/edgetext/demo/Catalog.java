package io.edgetext.demo;

import android.content.res.AssetManager;

import io.edgetext.runtime.Runtimes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The models in the app's assets: a name, and the file of each runtime. */
final class Catalog {
    private final Map<String, List<String>> files = new TreeMap<String, List<String>>();

    Catalog(AssetManager assets) {
        String[] names;
        try {
            names = assets.list("");
        } catch (IOException error) {
            names = null;
        }
        for (String file : names == null ? new String[0] : names) {
            if (Runtimes.reads(file)) {
                String model = file.substring(0, file.lastIndexOf('.'));
                if (!files.containsKey(model)) {
                    files.put(model, new ArrayList<String>());
                }
                files.get(model).add(file);
            }
        }
        for (List<String> list : files.values()) {
            // ".pte" first: the runtime that is made for phones.
            Collections.sort(list, Collections.reverseOrder());
        }
    }

    List<String> models() {
        return new ArrayList<String>(files.keySet());
    }

    List<String> files(String model) {
        return files.get(model);
    }

    static String runtime(String file) {
        return file.endsWith(Runtimes.ONNX) ? "ONNX Runtime" : "ExecuTorch";
    }
}
