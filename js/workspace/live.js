// Hear which runs moved. Tabs share one connection through a SharedWorker; a hidden tab lets go of it.

import { LiveConnection } from "./live_connection.js";

const REPEAT = 30_000; // ms, see live_worker.js

/**
 * `subject` is "project=3" or "run=17". `onMoves(moves)` gets a list of `{project, run, revision, state}`;
 * `onReturn()` is called when the page is looked at again and anything may have moved meanwhile.
 */
export function listen(subject, { worker, onMoves, onReturn }) {
  const tell = open(worker, (moves) => !document.hidden && onMoves(moves));
  const follow = () => tell(document.hidden ? "" : subject);
  follow();
  setInterval(follow, REPEAT);
  addEventListener("pagehide", () => tell(""));
  addEventListener("pageshow", (event) => event.persisted && (follow(), onReturn()));
  document.addEventListener("visibilitychange", () => {
    follow();
    if (!document.hidden) onReturn();
  });
}

function open(worker, onMoves) {
  if (worker && "SharedWorker" in self) {
    const { port } = new SharedWorker(worker, { name: "debrief-live" });
    port.onmessage = ({ data }) => onMoves(data);
    return (subject) => port.postMessage(subject);
  }
  const connection = new LiveConnection(onMoves);
  return (subject) => connection.listenTo(subject ? [subject] : []);
}
