"""Serves the pages until Ctrl-C: to this machine alone, or over TLS to others."""

import asyncio
import contextlib
import errno
import os
import socket
import ssl
import sys
import threading
import webbrowser

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twitchwise.vocabulary import OutOfRangeError, TwitchwiseError
from twitchwise.web.rendering import problem
from twitchwise.web.sharing import OWN_ADDRESSES, Sharing, host_in_address

HOST = OWN_ADDRESSES[0]
LAST_PORT = 65535
STOPPED = 503
PATIENCE_S = 3  # how long an answer that is under way may take to end after Ctrl-C


class PortError(TwitchwiseError):
    """A port cannot be listened on."""


class Server(uvicorn.Server):
    """A server that says where it is once it listens; a shared one speaks TLS 1.2 or later."""

    def __init__(
        self, application: FastAPI, address: str, *, open_browser: bool, sharing: Sharing | None = None
    ) -> None:
        # a visit's token stands in the path, so no line is written about requests; headers that claim to come from
        # a proxy are not believed
        super().__init__(
            uvicorn.Config(
                ended_calmly(application),
                log_level="warning",
                access_log=False,
                ws="none",
                server_header=False,
                proxy_headers=False,
                ssl_certfile=sharing.certificate if sharing else None,
                ssl_keyfile=sharing.key if sharing else None,
                timeout_graceful_shutdown=PATIENCE_S,
            )
        )
        self.address = address
        self.open_browser = open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, say where, and open the browser."""
        if self.config.ssl is not None:
            self.config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
        await super().startup(sockets)
        _say(f"twitchwise is ready. Open {self.address} in a browser. Press Ctrl-C here to stop.")
        if self.open_browser:
            # a browser in the terminal returns only when it is closed
            threading.Thread(target=webbrowser.open, args=(self.address,), daemon=True).start()


def serve_until_interrupted(
    application: FastAPI, port: int, *, open_browser: bool, host: str = HOST, sharing: Sharing | None = None
) -> None:
    """Serve an application on a port of an address until Ctrl-C; a shared one opens no browser.

    Raises
    ------
    OutOfRangeError
        If the port is not one.
    PortError
        If the port cannot be listened on.
    """
    address = f"https://{sharing.names[0]}" if sharing else f"http://{host_in_address(host)}"
    with listening_socket(port, host) as listener:
        server = Server(
            application, f"{address}:{port}/", open_browser=open_browser and sharing is None, sharing=sharing
        )
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


def listening_socket(port: int, host: str = HOST) -> socket.socket:
    """Return a socket bound to a port of an address of this machine."""
    if not 1 <= port <= LAST_PORT:
        raise OutOfRangeError(f"port must be a whole number from 1 to {LAST_PORT}, got {port!r}.")
    listener = _socket_of(port, host)
    if os.name == "posix":
        # lets a server start again at once; elsewhere the option would let two programs share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise _no_port(port, host, error) from None
    return listener


def _socket_of(port: int, host: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # told to be TCP, so that the event loop sends at once: else each answer waits 40 ms for the browser's word
        return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError as error:  # IPv6 may be turned off
        raise _no_port(port, host, error) from None


def _no_port(port: int, host: str, error: OSError) -> PortError:
    if error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
        return PortError(f"--host must be an address of this computer, got {host!r}.")
    return PortError(f"port must be free and allowed, got {port!r} ({error.strerror}); choose another with --port.")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
