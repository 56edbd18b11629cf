"use strict";

// textual.js has set window.onload: it makes a terminal of #terminal and connects it.
const begin = window.onload;

window.onload = async (event) => {
  const terminal = document.getElementById("terminal");
  const address = new URL("ws", window.location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  terminal.dataset.sessionWebsocketUrl = address.href;
  document.getElementById("again").onclick = () => window.location.reload();

  // Cells are measured once, so the letters have to be there before the terminal is.
  const faces = ["16px", "bold 16px", "italic 16px"].map((face) => document.fonts.load(`${face} "Roboto Mono"`));
  await Promise.allSettled(faces);

  // Keys go to the terminal from its first byte on, without a click; the process is told that it has the focus.
  const watcher = new MutationObserver(() => {
    if (document.body.classList.contains("-first-byte")) {
      watcher.disconnect();
      terminal.querySelector("textarea").focus();
    }
  });
  watcher.observe(document.body, { attributeFilter: ["class"] });
  begin.call(window, event);
};
