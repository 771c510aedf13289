// The script of the worker that worker.js starts.
import { load } from "./browser.js";
import { serve } from "./serving.js";

serve(self, load);
