#!/usr/bin/env bash
# visdom's page and tornado.
# Versions: visdom 0.2.4, its newest, which asks for any tornado; tornado 6.5.10 and 6.6.1.
# Expected: the server's page is there with each release of tornado that pip chooses.
# Seen: with tornado 6.6 and newer every page answers 403, since its template has the style sheet of
# the user beside the folder of static files, where tornado gives out no address any more; windows
# are still taken from programs, so that these see nothing of it. With 6.5.10 the page is there.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
# visdom has no wheel, and its source needs a setuptools that still has pkg_resources.
echo "setuptools<81" > "$work/constraint"
cat > "$work/ask.py" <<'PY'
import logging
import sys
import threading
import urllib.error
import urllib.request

import tornado
from tornado import httpserver, ioloop, netutil
from visdom.server.app import Application

logging.disable(logging.CRITICAL)
(socket,) = netutil.bind_sockets(0, "127.0.0.1")
port = socket.getsockname()[1]
server = httpserver.HTTPServer(Application(port=port, env_path=sys.argv[1]))
server.add_sockets([socket])
loop = ioloop.IOLoop.current()


def status(path, data=None):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def ask():
    page, environments = status("/"), status("/env_state", b"{}")
    print(f"tornado {tornado.version}: page {page}, environments {environments}", flush=True)
    loop.add_callback(loop.stop)


threading.Thread(target=ask, daemon=True).start()
loop.start()
PY
for release in 6.5.10 6.6.1; do
    PIP_CONSTRAINT="$work/constraint" "$work/venv/bin/python" -m pip install --quiet \
        --disable-pip-version-check "visdom==0.2.4" "tornado==$release" 2> "$work/log" ||
        { cat "$work/log"; exit 1; }
    mkdir -p "$work/$release"
    timeout 60 "$work/venv/bin/python" "$work/ask.py" "$work/$release" 2> "$work/log" ||
        { cat "$work/log"; exit 1; }
done | tee "$work/seen"
if [ "$(grep ^tornado "$work/seen")" != "tornado 6.5.10: page 200, environments 200
tornado 6.6.1: page 403, environments 200" ]; then
    echo changed
    exit 1
fi
echo "as described"
