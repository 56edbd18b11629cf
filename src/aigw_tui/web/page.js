"use strict";

// textual.js has set window.onload: it makes a terminal of #terminal and connects it.
const begin = window.onload;

window.onload = async (event) => {
  const terminal = document.getElementById("terminal");
  const again = document.getElementById("again");
  const address = new URL("ws", window.location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  terminal.dataset.sessionWebsocketUrl = address.href;
  again.onclick = () => window.location.reload();
  terminal.addEventListener("keydown", leaveToTheBrowser, { capture: true });
  window.open = instead(window.open);
  if (!navigator.clipboard) {
    Object.defineProperty(navigator, "clipboard", { value: { writeText: copy, readText: async () => "" } });
  }

  // Cells are measured once, so the letters have to be there before the terminal is.
  const faces = ["16px", "bold 16px", "italic 16px"].map((face) => document.fonts.load(`${face} "Roboto Mono"`));
  await Promise.allSettled(faces);

  // Keys go to the terminal from its first byte on, without a click; the process is told that it has the focus. When it
  // has ended, Enter opens it again.
  let hasBegun = false;
  const watcher = new MutationObserver(() => {
    const classes = document.body.classList;
    if (!hasBegun && classes.contains("-first-byte")) {
      hasBegun = true;
      terminal.querySelector("textarea").focus();
    }
    if (classes.contains("-closed")) {
      watcher.disconnect();
      terminal.addEventListener("blur", (event) => event.stopPropagation(), { capture: true }); // nobody is there to hear
      again.focus();
    }
  });
  watcher.observe(document.body, { attributeFilter: ["class"] });
  begin.call(window, event);
};

// Ctrl-v pastes, and ctrl-c copies where text is selected; the terminal would send both on.
function leaveToTheBrowser(event) {
  if (!event.ctrlKey || event.shiftKey || event.altKey || event.metaKey) {
    return;
  }
  if (event.key === "v") {
    event.stopPropagation();
  } else if (event.key === "c" && isCopied()) {
    event.preventDefault();
    event.stopPropagation();
  }
}

// The terminal answers "copy" where it has a selection, and nowhere else.
function isCopied() {
  let isTaken = false;
  const look = (event) => {
    isTaken = event.defaultPrevented;
  };
  document.addEventListener("copy", look, { once: true });
  document.execCommand("copy");
  document.removeEventListener("copy", look);
  return isTaken;
}

// A file comes by a link: a window of its own may be held back.
function instead(open) {
  return (url, ...rest) => {
    if (!String(url).startsWith(`${window.location.origin}/download/`)) {
      return open.call(window, url, ...rest);
    }
    const link = document.createElement("a");
    link.href = url;
    link.download = "";
    link.click();
    return null;
  };
}

// Over http from another machine a page has no clipboard of its own.
async function copy(text) {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.focus();
  field.select();
  document.execCommand("copy");
  field.remove();
  focused?.focus();
}
