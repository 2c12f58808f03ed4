"""`moongate run`: prepare the house, open the door, say so, and close it cleanly."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import sys

READY_TRIES = 200
READY_PAUSE_S = 0.05
# Where a browser on this machine reaches a server that listens everywhere.
LOOPBACK = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104


class CannotRun(Exception):
    """Why the door stays shut, in words for the person who typed the command."""


def run(host: str, port: int, demo: bool) -> int:
    """Migrate, load demo content if asked, and serve until Ctrl-C; answers the exit code."""
    try:
        listener = listen(host, port)
        with listener:
            prepare(demo)
            serve(listener, host)
    except CannotRun as error:
        print(f"moongate: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    print("Moongate has stopped.")
    return 0


def listen(host: str, port: int) -> socket.socket:
    """The listening socket; taken first, since a port in use should be known at once."""
    if not 0 <= port <= 65535:
        raise CannotRun(f"a port is a number from 0 to 65535 (received: {port}).")
    try:
        family, kind, _proto, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise CannotRun(f"the host {host!r} is not known here; try 127.0.0.1.") from None
    listener = socket.socket(family, kind)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise CannotRun(_why_no_socket(error, host, port)) from None
    listener.setblocking(False)
    return listener


def _why_no_socket(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} on {host} is in use by another program; stop it, or choose another "
            f"with --port {port + 1}."
        )
    if error.errno == errno.EACCES:
        return f"port {port} may not be opened by this user; choose one above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine; try --host 127.0.0.1."
    return f"{host}:{port} cannot be opened ({error.strerror})."


def prepare(demo: bool) -> None:
    """Settings, migrations, demo content."""
    set_up_django()
    from django.core.management import call_command
    from django.db import DatabaseError, connection

    from moongate.accounts import demo as demo_content

    try:
        call_command("migrate", interactive=False, verbosity=0)
        if demo:
            demo_content.load()
    except DatabaseError as error:
        raise CannotRun(f"the database cannot be prepared: {error}") from error
    finally:
        connection.close()


def set_up_django() -> None:
    """Django with our settings; a fault in the environment becomes a plain message."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moongate.site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise CannotRun(str(error)) from None


def address_of(listener: socket.socket, host: str) -> str:
    """The address to type into a browser."""
    port = listener.getsockname()[1]
    name = LOOPBACK.get(host, host)
    if ":" in name and not name.startswith("["):
        name = f"[{name}]"
    return f"http://{name}:{port}"


def serve(listener: socket.socket, host: str) -> None:
    """Answer requests until a signal says stop."""
    import uvicorn
    from django.conf import settings

    from moongate.site import jobs
    from moongate.site.asgi import application

    config = uvicorn.Config(
        application,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.TRUSTED_PROXIES),
        forwarded_allow_ips=settings.TRUSTED_PROXIES or None,
        timeout_graceful_shutdown=5,
        ws="none",
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets=None) -> None:
            await super().startup(sockets=sockets)
            self.announcing = asyncio.create_task(announce(listener, host))

    # uvicorn raises the signal again once it has shut down; SIGTERM is then a clean end too.
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with jobs.working(settings.RUN_WORKER):
            Server(config).run(sockets=[listener])
    finally:
        signal.signal(signal.SIGTERM, before)


async def announce(listener: socket.socket, host: str) -> None:
    """Say that the house is ready only once it has answered so itself."""
    family = listener.family
    address = listener.getsockname()
    loopback = LOOPBACK.get(address[0], address[0])
    for _try in range(READY_TRIES):
        try:
            reader, writer = await asyncio.open_connection(loopback, address[1], family=family)
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            await writer.drain()
            status = await reader.readline()
            writer.close()
            if b" 200 " in status:
                print(f"Moongate is ready: {address_of(listener, host)}", flush=True)
                return
        except OSError:
            pass
        await asyncio.sleep(READY_PAUSE_S)
    print(
        "moongate: the house started but does not answer /readyz.",
        file=sys.stderr,
        flush=True,
    )
