// A SharedWorker: all tabs of a browser share one stream, because a browser opens only six connections to a server.

import { LiveConnection } from "./workspace/live_connection.js";

const FORGET_AFTER = 90_000; // ms; a tab repeats its wish every 30 s, one that crashed does not
const ports = new Map(); // port → { subject, heardAt }
const recent = new Map(); // "project/run" → its last movement, for a tab that comes to a stream already open
const connection = new LiveConnection((moves) => {
  for (const move of moves) recent.set(`${move.project}/${move.run}`, move);
  for (const port of ports.keys()) port.postMessage(moves);
});

function listen() {
  const now = Date.now();
  for (const [port, { heardAt }] of ports) if (now - heardAt > FORGET_AFTER) ports.delete(port);
  if (!ports.size) recent.clear();
  connection.listenTo([...ports.values()].map(({ subject }) => subject));
}

onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data: subject }) => {
    if (subject && !ports.has(port)) port.postMessage([...recent.values()]);
    if (subject) ports.set(port, { subject, heardAt: Date.now() });
    else ports.delete(port);
    listen();
  };
};

setInterval(listen, 30_000);
