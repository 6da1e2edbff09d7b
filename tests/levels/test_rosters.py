"""What schools' files say, and what is refused of them."""

from datetime import date

import pytest

from levels.homes import Home
from levels.rosters import Fault, Parent, Pupil, Unreadable, read, safe_cell

HOME = Home("Storgata 14 B", "9008")
PIFU = """<?xml version="1.0" encoding="UTF-8"?>
<enterprise xmlns="http://pifu.no/xsd/pifu-ims_sas/pifu-ims_sas-v1">
  <properties lang="no"><datasource>sas@e</datasource><target>bti@e</target><type>{type}</type></properties>
  <person><sourcedid><source>s</source><id>elev-1</id></sourcedid>
    <userid useridtype="personNIN">14891352442</userid>
    <name><fn>Ada Nordli</fn><n><family>Nordli</family><given>Ada</given></n></name>
    <adr><street>Storgata 14 B</street><locality>Fjordvik</locality><pcode>9008</pcode></adr>
    <demographics><gender>1</gender><bday>2013-09-14</bday></demographics>
    <extension><pifu_hasContactPerson type="guardian"><sourcedid><source>s</source><id>foresatt-1</id></sourcedid>
    </pifu_hasContactPerson></extension></person>
  <person><sourcedid><source>s</source><id>laerer-1</id></sourcedid>
    <userid useridtype="feideID">liv@fjordvik.example</userid>
    <name><fn>Liv Lærar</fn><n><family>Lærar</family><given>Liv</given></n></name>
    <adr><street>Storgata 14 B</street><pcode>9008</pcode></adr></person>
  <person><sourcedid><source>s</source><id>foresatt-1</id></sourcedid>
    <userid useridtype="personNIN">20848532259</userid>
    <name><fn>Mor Nordli</fn></name><email>mor@e.example</email></person>
  <group><sourcedid><source>s</source><id>org-2</id></sourcedid>
    <grouptype><scheme>pifu-ims-go-org</scheme><typevalue level="2">skole</typevalue></grouptype>
    <description><short>Fjordvik school</short></description></group>
  <group><sourcedid><source>s</source><id>grp</id></sourcedid>
    <grouptype><scheme>pifu-ims-go-grp</scheme><typevalue level="1">basisgruppe</typevalue></grouptype>
    <description><short>7A</short></description>
    <relationship relation="1"><sourcedid><source>s</source><id>org-2</id></sourcedid></relationship></group>
  <membership><sourcedid><source>s</source><id>org-2</id></sourcedid>
    <member><sourcedid><source>s</source><id>elev-1</id></sourcedid><idtype>1</idtype>
      <role roletype="01"><status>1</status></role></member>
    <member><sourcedid><source>s</source><id>ukjent</id></sourcedid><idtype>1</idtype>
      <role roletype="01"><status>1</status></role></member>
    <member><sourcedid><source>s</source><id>laerer-1</id></sourcedid><idtype>1</idtype>
      <role roletype="02"><status>1</status></role></member></membership>
  <membership><sourcedid><source>s</source><id>grp</id></sourcedid>
    <member><sourcedid><source>s</source><id>elev-1</id></sourcedid><idtype>1</idtype>
      <role roletype="01"><status>1</status></role></member></membership>
</enterprise>"""


def test_a_school_systems_file_is_read_with_guardians_class_and_staff():
    found = read(PIFU.format(type="full").encode())
    mother = Parent("Mor Nordli", "other", "", "mor@e.example", "20848532259")
    assert found.pupils == (
        Pupil(4, "Ada", "Nordli", date(2013, 9, 14), "Fjordvik school", "7A", "14891352442", (mother,), HOME),
    )
    [teacher] = found.colleagues
    assert (teacher.name, teacher.email, teacher.role) == ("Liv Lærar", "liv@fjordvik.example", "educator")
    assert teacher.home == HOME and "Storgata" not in f"{found}"
    assert found.faults == (Fault(28, "person_unknown", column="ukjent"),) and found.whole is True
    assert read(PIFU.format(type="delta").encode()).whole is False


SHEET = (
    "Fornavn;Etternavn;Fødselsdato;Klasse;Foresatt 1 navn;Foresatt 1 relasjon;Foresatt 1 telefon;Foresatt 1 foreldreansvar\n"
    "Ada;Nordli;14.09.2013;7A;Lena Myrvold;mor;+47 99 88 77 66;ja\n"
)


@pytest.mark.parametrize(
    "text", [SHEET, "\ufeff" + SHEET, SHEET.replace(";", ","), SHEET.replace("\n", "\r\n")]
)
def test_a_sheet_is_read_with_either_comma_and_with_or_without_a_mark_in_front(text):
    [pupil] = read(text.encode()).pupils
    assert (pupil.line, pupil.first_name, pupil.born_on, pupil.group) == (2, "Ada", date(2013, 9, 14), "7A")
    assert pupil.parents == (Parent("Lena Myrvold", "mother", "+47 99 88 77 66", "", "", True),)


def test_a_sheet_of_staff_is_known_by_its_headers_in_nynorsk_too():
    [one] = read("Namn;E-post;Rolle;Skule\nLiv Lærar;LIV@e.example;Lærar;Fjordvik\n".encode()).colleagues
    assert (one.email, one.role, one.unit) == ("liv@e.example", "educator", "Fjordvik")


def test_a_sheet_says_where_people_live_by_columns_in_either_form_of_norwegian_and_english():
    text = (
        "Fornavn;Etternavn;Fødselsdato;Gateadresse;Postnummer;Føresett 1 namn;Føresett 1 adresse;Føresett 1 postnr\n"
        "Ada;By;2013-01-01;Storgata 14 B;9008;Lena;Møllergata 1;150\n"
    )
    [pupil] = read(text.encode()).pupils
    assert (pupil.home, pupil.parents[0].home) == (HOME, Home("Møllergata 1", "0150"))
    staff = "Namn;E-post;Rolle;Street address;Postal code\nLiv;liv@e.example;Lærar;Storgata 14 B;9008\n"
    assert read(staff.encode()).colleagues[0].home == HOME


def test_each_wrong_row_says_where_and_why_and_the_others_are_kept():
    wrong = (
        SHEET
        + '=HYPERLINK("x");B;2013-01-01\n;Bo;2013-01-01\nBo;By;31.02.2013\nEa;Ek;2014-01-01;1A;X;tante\n'
    )
    found = read(wrong.encode())
    assert [(one.line, one.code) for one in found.faults] == [
        (3, "looks_like_formula"), (4, "name_missing"), (5, "not_a_date"), (6, "relation_unknown"),
    ]  # fmt: skip
    assert [one.first_name for one in found.pupils] == ["Ada"]


@pytest.mark.parametrize(("content", "line", "code"), [
    (b"", 1, "empty"),
    ("Fornavn;Etternavn;Fødselsdato\nÅse;By;2013-01-01\n".encode("latin-1"), 1, "not_utf8"),
    (b"Fornavn;Klasse\nAda;7A\n", 1, "column_missing"),
    (b'Fornavn;Etternavn;Fodselsdato\n"Ada;By;2013-01-01\n', 2, "quotes_open"),
    (b"<enterprise><person></enterprise>", 1, "not_well_formed"),
    (b"<html/>", 1, "not_pifu"),
    (b'<!DOCTYPE e [<!ENTITY a "aaaa">]>\n<enterprise>&a;</enterprise>', 1, "document_type"),
    (b"<enterprise>" + b"<a>" * 50 + b"</a>" * 50 + b"</enterprise>", 1, "too_large"),
    (b"x" * 4_000_001, 1, "too_large"),
])  # fmt: skip
def test_what_cannot_be_read_at_all_is_refused_with_a_line(content, line, code):
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert (refused.value.faults[0].line, refused.value.faults[0].code) == (line, code)


def test_what_we_write_for_a_spreadsheet_is_never_carried_out():
    assert [safe_cell(text) for text in ("=1+1", "@x", "+47 99 88", "Ada")] == [
        "'=1+1",
        "'@x",
        "+47 99 88",
        "Ada",
    ]
