"""Watch mode, for authors on their own machine: an open page follows every save, and says what is wrong with it.

Nothing of this is in an application that does not watch.
"""

from __future__ import annotations

from flask import Flask, Response, make_response, request

from coachkit.platform import watch_state
from coachkit.platform.settings import Settings
from coachkit.web.access import public

PLACE = '<main id="main"'


def set_up(app: Flask, settings: Settings) -> None:
    """Add the address that a page asks, and put the notice into every page."""

    @app.get("/watch", endpoint="watch")
    @public
    def watch() -> Response:
        response = make_response(watch_state.read(settings.instance).stamp)
        response.headers["Content-Type"] = "text/plain; charset=utf-8"
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.before_request
    def always_whole() -> None:
        """A page that has not changed may still have other problems to show."""
        request.environ.pop("HTTP_IF_NONE_MATCH", None)

    @app.after_request
    def with_notice(response: Response) -> Response:
        if response.mimetype != "text/html" or response.direct_passthrough:
            return response
        page = response.get_data(as_text=True)
        if PLACE in page:
            notice = app.jinja_env.get_template("layout/_watch.html").render(state=watch_state.read(settings.instance))
            response.set_data(page.replace(PLACE, notice + PLACE, 1))
            response.headers.pop("ETag", None)
            response.headers["Cache-Control"] = "no-store"
        return response
