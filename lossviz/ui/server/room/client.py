"""What a request tells of the phone that it comes from: a language, and an address."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import Request

from ....languages import ENGLISH, of_browser


def language_of(request: Request) -> str:
    """The first language of the browser's that there is, by its own order; otherwise English."""
    return preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> str:
    """The language that `Accept-Language` asks for.

    >>> preferred("de, zh-CN;q=0.8, en;q=0.5"), preferred("en-US,zh;q=0.9"), preferred("zh;q=0"), preferred("")
    ('zh', 'en', 'en', 'en')
    """
    wanted = sorted(map(_weighed, header[:500].split(",")), key=lambda one: -one[1])
    for tag, weight in wanted:
        language = of_browser(tag or None)
        if weight > 0 and (language != ENGLISH or tag.lower().startswith(ENGLISH)):
            return language
    return ENGLISH


def _weighed(part: str) -> tuple[str, float]:
    tag, _, rest = part.partition(";")
    try:
        return tag.strip(), float(rest.partition("=")[2]) if rest else 1.0
    except ValueError:
        return tag.strip(), 0.0


def address_of(request: Request) -> str:
    """From where a request comes; of IPv6 the network, of which a single phone has every address."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)
