"""Forty texts that try to become markup, script, template or request (TRUST S17).

Whatever comes alive of them holds `xss`: in the name of a function, an address, or an attribute.
"""

from itertools import count

PAYLOADS = [
    "<script>xss()</script>",
    "<ScRiPt>xss()</sCrIpT>",
    "<script src=//xss.example></script>",
    "<script src=/xss.js></script>",
    '"><script>xss()</script>',
    "'><script>xss()</script>",
    "</script><script>xss()</script>",
    "</title><script>xss()</script>",
    "</textarea><script>xss()</script>",
    "<svg onload=xss()>",
    '"><svg/onload=xss()>',
    "<svg><script>xss()</script></svg>",
    "<img src=x onerror=xss()>",
    '"><img src=x onerror="xss()">',
    "'><img src=//xss.example/1.png>",
    "<body onload=xss()>",
    "<details open ontoggle=xss()>",
    "<input autofocus onfocus=xss()>",
    '" autofocus onfocus="xss()',
    "' onmouseover='xss()",
    "` onmouseover=xss()",
    "<iframe src=javascript:xss()>",
    "<iframe srcdoc='<script>xss()</script>'>",
    "<object data=javascript:xss()>",
    "<a href=javascript:xss()>xss</a>",
    "javascript:xss()",
    "JaVaScRiPt:xss()//http://",
    "[xss](javascript:xss())",
    '![xss](x"onerror="xss())',
    "data:text/html,<script>xss()</script>",
    "<div hx-get=/xss hx-trigger=load>",
    '"><div hx-get="/xss" hx-trigger="load"></div>',
    '" hx-get="/xss" hx-trigger="load',
    '<div data-hx-on--load="xss()">',
    "<div hx-on::load='xss()' hx-vals='js:{a: xss()}'>",
    "{{7*7}}{% xss %}${7*7}<%= xss %>",
    "<style>*{background:url(//xss.example)}</style>",
    '" style="background:url(//xss.example)',
    "<base href=//xss.example/><meta http-equiv=refresh content='0;/xss'>",
    "\u202exss\u202c &lt;script&gt;xss()&lt;/script&gt; &#60;img src=xss&#62; \u200f",
]


class Hostile:
    """A `say` for a ScreenWorld that answers with the next of the texts; no two answers are equal."""

    def __init__(self):
        self._numbers = count()

    def __call__(self, _ru, _en):
        number = next(self._numbers)
        turn, index = divmod(number, len(PAYLOADS))
        return PAYLOADS[index] + (f" {turn}" if turn else "")
