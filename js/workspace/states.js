// The states of a run in words and shapes, as config/templatetags/page.py draws them.

const DOT = '<circle cx="5" cy="5" r="3.6"/>';
const RING = '<circle cx="5" cy="5" r="3.4"/>';
const CROSS = '<path d="m2 2 6 6M8 2 2 8"/>';
const SQUARE = '<rect x="2" y="2" width="6" height="6" rx="1"/>';

const SHAPES = {
  pending: { look: "warn", shape: RING },
  running: { look: "ok live", shape: DOT },
  finished: { look: "", shape: RING },
  failed: { look: "bad", shape: CROSS },
  crashed: { look: "bad", shape: CROSS },
  killed: { look: "", shape: SQUARE },
  preempting: { look: "warn live", shape: DOT },
  preempted: { look: "warn", shape: SQUARE },
};

export const shapeOf = (state) => SHAPES[state] ?? SHAPES.finished;

export function wordOf(state) {
  const words = {
    pending: gettext("pending"),
    running: gettext("running"),
    finished: gettext("finished"),
    failed: gettext("failed"),
    crashed: gettext("crashed"),
    killed: gettext("killed"),
    preempting: gettext("preempting"),
    preempted: gettext("preempted"),
  };
  return words[state] ?? state;
}
