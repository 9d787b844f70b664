"""Serves the pages on this machine alone, until Ctrl-C."""

import asyncio
import contextlib
import os
import socket
import sys
import threading
import webbrowser

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twitchwise.vocabulary import OutOfRangeError, TwitchwiseError
from twitchwise.web.rendering import problem

HOST = "127.0.0.1"
LAST_PORT = 65535
STOPPED = 503
PATIENCE_S = 3  # how long an answer that is under way may take to end after Ctrl-C


class PortError(TwitchwiseError):
    """A port cannot be listened on."""


class Server(uvicorn.Server):
    """A server that says where it is once it listens."""

    def __init__(self, application: FastAPI, address: str, *, open_browser: bool) -> None:
        # a visit's token stands in the path, so no line is written about requests
        super().__init__(
            uvicorn.Config(
                ended_calmly(application),
                log_level="warning",
                access_log=False,
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=PATIENCE_S,
            )
        )
        self.address = address
        self.open_browser = open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, say where, and open the browser."""
        await super().startup(sockets)
        _say(f"twitchwise is ready. Open {self.address} in a browser. Press Ctrl-C here to stop.")
        if self.open_browser:
            # a browser in the terminal returns only when it is closed
            threading.Thread(target=webbrowser.open, args=(self.address,), daemon=True).start()


def serve_until_interrupted(application: FastAPI, port: int, *, open_browser: bool) -> None:
    """Serve an application on a port of 127.0.0.1 until Ctrl-C.

    Raises
    ------
    OutOfRangeError
        If the port is not one.
    PortError
        If the port cannot be listened on.
    """
    with listening_socket(port) as listener:
        server = Server(application, f"http://{HOST}:{port}/", open_browser=open_browser)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    _say("Stopped. All answers of checks are erased.")


def ended_calmly(application: ASGIApp) -> ASGIApp:
    """Return the application with a page in place of a trace for what is cut short when the server stops."""

    async def calm(scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await application(scope, receive, noting)
        except asyncio.CancelledError:
            if not begun:
                await problem(STOPPED)(scope, receive, send)

    return calm


def listening_socket(port: int) -> socket.socket:
    """Return a socket bound to a port of 127.0.0.1."""
    if not 1 <= port <= LAST_PORT:
        raise OutOfRangeError(f"port must be a whole number from 1 to {LAST_PORT}, got {port!r}.")
    # told to be TCP, so that the event loop sends at once: without it each answer waits 40 ms for the browser's word
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        # lets a server start again at once; elsewhere the option would let two programs share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise PortError(
            f"port must be free and allowed, got {port!r} ({error.strerror}); choose another with --port."
        ) from None
    return listener


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
