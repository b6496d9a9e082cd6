"""Was it a person? Reads a reply to a sales mail: human, away, gone, referred, no, opt-out, automatic, or a challenge.

`read_reply` is the way in. It looks at headers (RFC 3834), then at the subject, then at the sender's own text, without
the quoted original. `read_headers_kind` is the first of these alone, for the triage that has ruled out a bounce.
"""

from hygiene.mail.replies.headers import read_headers_kind
from hygiene.mail.replies.read import read_reply
from hygiene.mail.replies.types import KINDS, HeadersKind, Kind, ReplyReading

__all__ = ["KINDS", "HeadersKind", "Kind", "ReplyReading", "read_headers_kind", "read_reply"]
