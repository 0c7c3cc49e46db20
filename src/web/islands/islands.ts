/** What every page may use. Each part looks for its own marks in the page and does nothing without them. */
import './parts/autosave.ts';
import './parts/frame.ts';
import './parts/keys.ts';
import './parts/suggest.ts';
