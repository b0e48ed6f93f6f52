"""A library as one file: what an honest pack holds comes out as it went in, and nothing else comes out at all."""

import io
import stat
import struct
import warnings
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachkit.domain.content.text_files import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES
from coachkit.platform.library_archive import ArchiveError, read_archive, write_archive, write_folder
from tests.factories.library import tiny_library_files


@pytest.fixture
def packed(tmp_path):
    """`packed((name, data), …)` makes a zip with these entries, however odd; names may be ZipInfo."""

    def make(*entries, method=zipfile.ZIP_DEFLATED):
        target = tmp_path / "pack.zip"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python itself warns of doubled names
            with zipfile.ZipFile(target, "w", method) as archive:
                for name, data in entries:
                    archive.writestr(name, data)
        return target

    return make


def test_a_library_comes_out_as_it_went_in(tmp_path):
    write_archive(tiny_library_files(), tmp_path / "a.zip")
    assert read_archive(tmp_path / "a.zip") == tiny_library_files()


def test_the_same_content_makes_the_same_bytes(tmp_path):
    write_archive(tiny_library_files(), tmp_path / "a.zip")
    write_archive(dict(reversed(tiny_library_files().items())), tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "../evil.md",
        "modules/../../evil.md",
        "modules/..",
        "/etc/evil.md",
        "//server/evil.md",
        "C:/evil.md",
        "C:evil.md",
        "modules\\evil.md",
        "..\\evil.md",
        "file.md:stream",
        "./evil.md",
        "modules//evil.md",
        "modules/./evil.md",
        "COM1.md",
        "modules/con/module.md",
        "nul",
        "LPT9.txt",
        "evil.md.",
        "evil ",
        " evil",
        "modules/evil./x.md",
        ".git/config",
        ".htaccess",
        "ev\u202eil.md",
        "ev\u2066il.md",
        "evil\n.md",
        "evil\x1b[31m.md",
        "évil.md",
        "ｅvil.md",
        "~root/x.md",
        "$HOME/x.md",
        "a" * 201,
        "a/" * 9 + "x.md",
        "-rf",
    ],
)
def test_a_name_that_leads_elsewhere_or_means_something_else_is_refused(packed, name):
    with pytest.raises(ArchiveError):
        read_archive(packed(("library.yaml", b"x"), (name, b"evil")))


def test_a_folder_s_entry_is_judged_by_its_name_too(packed):
    assert read_archive(packed(("modules/", b""), ("modules/a.md", b"x"))) == {"modules/a.md": b"x"}
    with pytest.raises(ArchiveError):
        read_archive(packed(("../modules/", b"")))


@pytest.mark.parametrize(
    ("first", "second"),
    [("a.md", "a.md"), ("a.md", "A.md"), ("Modules/a.md", "modules/a.md"), ("a", "a/b.md"), ("a/b.md", "A")],
)
def test_two_names_for_one_file_are_refused(packed, first, second):
    with pytest.raises(ArchiveError):
        read_archive(packed((first, b"1"), (second, b"2")))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR, stat.S_IFSOCK])
def test_links_pipes_and_devices_are_refused(packed, kind):
    entry = zipfile.ZipInfo("leak.md")
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16
    with pytest.raises(ArchiveError, match="no plain file"):
        read_archive(packed((entry, b"/etc/passwd")))


def test_encrypted_and_oddly_packed_entries_are_refused(packed):
    with pytest.raises(ArchiveError, match="unusual"):
        read_archive(packed(("a.md", b"x"), method=zipfile.ZIP_LZMA))
    target = packed(("a.md", b"x"))
    data = bytearray(target.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    target.write_bytes(data)
    with pytest.raises(ArchiveError, match="encrypted"):
        read_archive(target)


def test_a_bomb_that_says_so_is_refused_by_what_it_says(packed):
    with pytest.raises(ArchiveError, match="says to have more"):
        read_archive(packed(("a.md", b"\0" * (MAX_FILE_BYTES + 1))))
    many = [(f"f{number}.md", b"\0" * MAX_FILE_BYTES) for number in range(MAX_TOTAL_BYTES // MAX_FILE_BYTES + 1)]
    with pytest.raises(ArchiveError, match="says to have more"):
        read_archive(packed(*many))


def test_a_bomb_that_lies_is_refused_by_what_comes_out(packed):
    target = packed(("a.md", b"\0" * 30 * MAX_FILE_BYTES))
    data = bytearray(target.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(mark) + offset
        data[place : place + 4] = struct.pack("<I", 10)
    target.write_bytes(data)
    with pytest.raises(ArchiveError):
        read_archive(target)


def test_too_many_entries_are_refused_before_they_are_looked_at(packed, tmp_path):
    with pytest.raises(ArchiveError, match="entries"):
        read_archive(packed(*((f"f{number}", b"") for number in range(MAX_FILES + 1)), method=zipfile.ZIP_STORED))
    (tmp_path / "fake.zip").write_bytes(b"PK\x01\x02" * (2 * MAX_FILES + 1))
    with pytest.raises(ArchiveError, match="entries"):
        read_archive(tmp_path / "fake.zip")


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", b"PK\x05\x06" + b"\0" * 18 + b"x"])
def test_what_is_no_zip_is_refused(tmp_path, data):
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(ArchiveError):
        read_archive(tmp_path / "a.zip")


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_damaged_zip_gives_the_files_or_is_refused(tmp_path_factory, data):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("library.yaml", b"id: a\n" * 20)
        archive.writestr("modules/a/module.md", b"text " * 30)
    damaged = bytearray(whole.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    target = tmp_path_factory.mktemp("zip") / "a.zip"
    target.write_bytes(damaged)
    try:
        files = read_archive(target)
    except ArchiveError:
        return
    assert all(".." not in path and not path.startswith("/") for path in files)


def test_files_are_written_all_or_not_at_all(tmp_path):
    write_folder({"a/b.md": b"1", "c.md": b"2"}, tmp_path / "new")
    assert (tmp_path / "new/a/b.md").read_bytes() == b"1"
    with pytest.raises(ArchiveError):
        write_folder({"x.md": b""}, tmp_path / "new")
    with pytest.raises(OSError, match=r".*"):
        write_folder({"a": b"1", "a/b": b"2"}, tmp_path / "half")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new"]


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "empty").mkdir()
    write_folder({"a.md": b"1"}, tmp_path / "empty")
    assert (tmp_path / "empty/a.md").read_bytes() == b"1"
