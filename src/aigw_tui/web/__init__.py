"""The monitor in a browser: textual-serve's terminal for a page, and a process of ours behind each tab.

`doors` says who may come in, `tab` is a process, `server` gives them pages and sockets, `page.html` is what is seen.
"""
