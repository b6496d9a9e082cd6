from __future__ import annotations

from pathlib import Path

import pytest

from hygiene.errors import SourceError
from hygiene.mail.files import mails_in, split_mbox

FOLDER = Path(__file__).parent / "bounces" / "mails-unix"
MAIL = (
    b"Return-Path: <>\nFrom: MAILER-DAEMON@example.com\nSubject: failure notice\n\n<ann@example.com>:\nno such user\n"
)
FROM = b"From MAILER-DAEMON Mon Jan  5 10:11:12 2026\n"


def test_a_folder_is_read_recursively_whatever_the_suffix(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name in ("b.eml", "a", "deep/c.txt", "deep/er/d.msg"):
        (tmp_path / name).write_bytes(MAIL)
    assert [Path(mail.file).name for mail in mails_in([tmp_path])] == ["a", "b.eml", "c.txt", "d.msg"]


def test_an_mbox_is_taken_apart():
    assert [mail.count(b"Subject:") for mail in split_mbox((FROM + MAIL + b"\n") * 3)] == [1, 1, 1]


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_an_mbox_with_other_line_ends_is_taken_apart(end):
    assert len(list(split_mbox(((FROM + MAIL + b"\n") * 3).replace(b"\n", end)))) == 3


def test_all_mails_of_the_evaluation_in_one_mbox_come_out_again():
    mails = [path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n") for path in sorted(FOLDER.glob("*.eml"))]
    box = b"".join((b"" if raw.startswith(b"From ") else FROM) + raw.rstrip(b"\n") + b"\n\n" for raw in mails)
    assert len(list(split_mbox(box))) == len(mails)


def test_a_from_line_within_a_returned_original_begins_no_mail():
    part = (
        b'Content-Type: multipart/report; boundary="x"\n\n--x\n\nreport\n\n'
        + FROM
        + b"Subject: original\n\nhello\n--x--\n"
    )
    assert len(list(split_mbox(FROM + b"Subject: one\n" + part))) == 1
    copied = FROM + MAIL + b"\n--- Below this line is a copy of the message.\n\n" + FROM + MAIL
    assert len(list(split_mbox(copied))) == 1


def test_a_sentence_that_begins_with_from_is_none():
    assert len(list(split_mbox(FROM + MAIL + b"\n\nFrom here on we speak French.\n"))) == 1


def test_a_name_that_is_not_there_is_said(tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        list(mails_in([tmp_path / "nowhere"]))
