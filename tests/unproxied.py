"""A JupyterHub proxy that forwards nothing, but writes down where each server listens.

The hub's own, configurable-http-proxy, is no Python package. The tests ask the servers directly.
"""

import json
import os
from pathlib import Path

from jupyterhub.proxy import Proxy


class Unproxied(Proxy):
    """Keeps the routes in a file, whose name is in the environment."""

    should_start = False
    routes: dict = {}  # noqa: RUF012

    async def add_route(self, routespec, target, data):
        self.routes[routespec] = {"routespec": routespec, "target": target, "data": data}
        self.write()

    async def delete_route(self, routespec):
        self.routes.pop(routespec, None)
        self.write()

    async def get_all_routes(self):
        return dict(self.routes)

    def write(self):
        targets = {routespec: route["target"] for routespec, route in self.routes.items()}
        Path(os.environ["UNPROXIED_ROUTES"]).write_text(json.dumps(targets))
