"""What the demo corpus promises, counted again from its files."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import timedelta

import pytest
from stdnum import iban
from stdnum.nl import bsn

from annotations.demo.making.corpus import CORPUS, Corpus
from tests.demo import corpus_files as files

ORGANISATIONS = {"ZwaluwlijnHulp", "Zwaluwlijn", "RijksheffingHulp", "Rijksheffingen"}
TEST_BSN = "999993653"  # from the series of the population register's test environment
FAILING_BSN = "123456789"
IBANS = {"NL91ABNA0417164300", "NL46DEMO0000000012", "NL00DEMO0123456789"}
HELPLINE = "0190000012"  # no Dutch area code starts with 019
PAYMENT_REFERENCE = "0000000012345678"
NINE = {
    "address", "email", "phone", "iban", "customer_order_invoice",
    "assessment_decision", "income", "debt", "bsn",
}  # fmt: skip


def _all_texts() -> list[str]:
    sources = [row["text"] for row in files.everything()]
    return sources + [tweet["text"] for tweet in files.tweets()["data"]]


# Nobody real


def test_every_account_is_an_invented_organisation_or_ends_in_demo():
    authors = {row["author_handle"] for row in files.everything()}
    mentioned = {handle for text in _all_texts() for handle in re.findall(r"(?<!\w)@(\w+)", text)}
    wrong = {handle for handle in authors | mentioned if not handle.endswith("_demo")}
    assert wrong == ORGANISATIONS


def test_every_mail_address_is_in_the_reserved_domain():
    found = [host for text in _all_texts() for host in re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", text)]
    assert found
    assert set(found) == {"example.org"}


def test_every_link_is_in_the_reserved_top_level_domain():
    links = [row["permalink"] for row in files.everything()]
    links += [link for text in _all_texts() for link in re.findall(r"(?:https?://|www\.)\S+", text)]
    assert {re.match(r"https://([^/]+)/", link)[1] for link in links} == {"voorbeeld.invalid"}


def test_every_postcode_is_below_the_lowest_that_exists():
    found = [code for text in _all_texts() for code in re.findall(r"\b(\d{4}) ?[A-Z]{2}\b", text)]
    assert found
    assert all(code.startswith("0") for code in found)


def test_every_house_number_after_a_street_is_zero():
    streets = r"\b[A-Z][a-zâ]+(?:laan|hof|pad|weg|straat|zicht|plein|wâl)|\bKade"
    found = [number for text in _all_texts() for number in re.findall(rf"(?:{streets}) (\d+)", text)]
    assert found
    assert set(found) == {"0"}


def test_no_phone_number_is_in_use():
    phonenumbers = pytest.importorskip("phonenumbers")
    found = {
        re.sub(r"\D", "", number)
        for text in _all_texts()
        for number in re.findall(r"(?<!\d)0\d{1,3}-\d{6,8}(?!\d)", text)
    }
    assert HELPLINE in found
    assert all(re.fullmatch(r"06000000\d\d", number) for number in found - {HELPLINE})
    assert not any(phonenumbers.is_valid_number(phonenumbers.parse(number, "NL")) for number in found)


def test_long_numbers_are_invented_ones_and_the_only_valid_bsn_is_a_test_number():
    for text in _all_texts():
        bare = re.sub(r"https://\S+|\bF-2019-00\d{3}\b", "", text)
        for run in re.findall(r"\d(?:[ .-]?\d){7,}", bare):
            digits = re.sub(r"\D", "", run)
            known = (
                digits.startswith((TEST_BSN, "06000000", HELPLINE))
                or digits in {FAILING_BSN, PAYMENT_REFERENCE}
                or re.fullmatch(r"\d\d-\d\d-\d{4}", run)
                or any(digits in number for number in IBANS)
            )
            assert known, run
            assert digits[:9] == TEST_BSN or not bsn.is_valid(digits) or digits.startswith("0"), run
    assert bsn.is_valid(TEST_BSN)
    assert not bsn.is_valid(FAILING_BSN)


def test_accounts_at_banks_are_the_documentation_example_or_of_a_bank_that_does_not_exist():
    found = {found for text in _all_texts() for found in re.findall(r"\bNL\d\d[A-Z]{4}\d{10}\b", text)}
    assert found == IBANS
    assert {number for number in found if iban.is_valid(number)} == {
        "NL91ABNA0417164300",
        "NL46DEMO0000000012",
    }


def test_birth_dates_are_the_first_of_january():
    found = [date for text in _all_texts() for date in re.findall(r"\b\d\d-\d\d-\d{4}\b", text)]
    assert found
    assert all(date.startswith("01-01-") for date in found)


# Sound conversations


def test_ids_are_nineteen_digits_of_text_far_from_real_ones_and_rise_with_time():
    rows = [*files.table(files.MAIN), *files.table(files.SUPPLEMENT)]
    rows.sort(key=lambda row: (row["created_at"], row["id"]))
    ids = [row["id"] for row in files.everything()]
    assert all(re.fullmatch(r"8990\d{15}", number) for number in ids)
    assert max(map(int, ids)) < 2**63
    assert len(set(ids)) == len(ids)
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)


def test_every_parent_exists_but_for_the_one_that_is_lost():
    ids = {row["id"] for row in files.everything()}
    lost = [row for row in files.everything() if row["parent_id"] and row["parent_id"] not in ids]
    assert [row["conversation_id"] for row in lost] == ["Z23"]


def test_the_parent_missing_in_r25_comes_with_the_supplement():
    ids = {row["id"] for row in files.spreadsheet(files.EXCEL)}
    lost = [row for row in files.spreadsheet(files.EXCEL) if row["parent_id"] and row["parent_id"] not in ids]
    assert [row["conversation_id"] for row in lost] == ["R25"]
    assert lost[0]["parent_id"] in {row["id"] for row in files.table(files.SUPPLEMENT)}


def test_three_conversations_branch():
    replies = [row for row in files.everything() if row["parent_id"]]
    parents = Counter((row["conversation_id"], row["parent_id"]) for row in replies)
    assert {key for (key, _), number in parents.items() if number > 1} == {"Z10", "Z11", "R10"}


def test_a_reply_is_never_older_than_what_it_replies_to():
    posted = {row["id"]: files.moment(row["created_at"]) for row in files.everything()}
    for row in files.everything():
        if row["parent_id"] in posted:
            assert posted[row["id"]] >= posted[row["parent_id"]]


def test_nobody_posts_before_the_account_existed():
    for row in files.everything():
        if row["author_created_at"]:
            assert files.moment(row["created_at"]) >= files.moment(row["author_created_at"])


def test_one_consumer_sent_the_same_tweet_twice_and_the_ids_differ_in_two_digits():
    consumers = [row for row in files.everything() if row["author_role"] == "consumer"]
    times = Counter(row["text"] for row in consumers)
    first, second = (row["id"] for row in consumers if times[row["text"]] > 1)
    assert first[:-2] == second[:-2]


def test_nine_accounts_are_new_and_six_more_where_nobody_shares_and_one_has_no_known_date():
    first = {}
    for rows in files.conversations().values():
        for row in rows:
            if row["author_role"] == "consumer":
                first.setdefault(row["author_handle"], row)
    without_finds = {row["author_handle"] for row in files.table(files.WITHOUT_FINDS)}
    unknown = [handle for handle, row in first.items() if not row["author_created_at"]]
    ages = {
        handle: files.moment(row["created_at"]) - files.moment(row["author_created_at"])
        for handle, row in first.items()
        if row["author_created_at"]
    }
    assert unknown == ["lotte_demo"]
    new = {handle for handle, age in ages.items() if age < timedelta(days=30)}
    assert (len(new - without_finds), len(new & without_finds)) == (9, 6)


def test_no_time_falls_into_the_hour_that_does_not_exist():
    assert not any(re.match(r"31-03-2019 02:", row["created_at"]) for row in files.spreadsheet(files.EXCEL))
    assert any(row["created_at"].startswith("31-03-2019 03:") for row in files.spreadsheet(files.EXCEL))


# The files, each with its own difficulty


def test_the_files_are_what_the_screenplays_make():
    for name, content in Corpus().files().items():
        assert (CORPUS / name).read_bytes() == content, f"{name}: run python -m annotations.demo.making"


def test_the_clean_file_is_in_no_order_and_has_offsets():
    times = [row["created_at"] for row in files.table(files.MAIN)]
    assert times != sorted(times)
    assert {time[-6:] for time in times} == {"+02:00"}


def test_the_spreadsheet_file_is_windows_1252_with_crlf_and_a_line_break_in_a_cell():
    raw = (CORPUS / files.EXCEL).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    rows = list(csv.reader(io.StringIO(raw.decode("cp1252"), newline=""), delimiter=";"))
    assert raw.count(b"\r\n") == len(rows)
    assert sum("\n" in cell for row in rows for cell in row) == 1


def test_the_damaged_file_lost_its_ids_and_kept_its_links():
    sound, damaged = files.spreadsheet(files.EXCEL), files.spreadsheet(files.DAMAGED)
    assert {row["id"] for row in damaged} == {"8,99E+18"}
    assert [row["permalink"] for row in damaged] == [row["permalink"] for row in sound]
    assert [row["permalink"].rpartition("/")[2] for row in damaged] == [row["id"] for row in sound]


def test_the_twarc_page_holds_six_conversations_and_one_deleted_tweet():
    page = files.tweets()
    assert len({tweet["conversation_id"] for tweet in page["data"]}) == 6
    (gone,) = page["errors"]
    third = files.conversations()["Z03"][2]
    assert gone["resource_id"] == third["id"]
    assert gone["resource_id"] not in {tweet["id"] for tweet in page["data"]}
    texts = files.texts()
    assert all(tweet["text"] == texts[tweet["id"]] for tweet in page["data"])


def test_texts_keep_entities_and_line_breaks_as_they_were():
    assert sum("&amp;" in row["text"] for row in files.everything()) == 2
    assert sum("\n" in row["text"] for row in files.everything()) == 2


def test_no_file_that_is_imported_gives_the_truth_away():
    columns = set(files.DUTCH.values())
    for rows in (files.table(files.MAIN), files.spreadsheet(files.EXCEL), files.table(files.SUPPLEMENT)):
        assert set(rows[0]) == columns
    assert not any("{" in text or "}" in text for text in _all_texts())


# The truth


def test_planted_fragments_are_where_they_are_said_to_be():
    texts = files.texts()
    for row in files.table("truth_spans.csv"):
        assert texts[row["message_id"]][int(row["start"]) : int(row["end"])] == row["quote"]


def test_each_organisation_has_fifty_messages_and_the_last_three_come_with_the_supplement():
    counted = [row for row in files.table("truth.csv") if row["counts"] == "1"]
    assert Counter(row["conversation_id"][0] for row in counted) == {"Z": 50, "R": 50}
    assert Counter(row["file"] for row in counted) == {files.MAIN: 50, files.EXCEL: 47, files.SUPPLEMENT: 3}
    for row in counted:
        assert row["author_role"] == "consumer"
        assert NINE & set(row["info_types"].split(";"))


def test_searching_back_the_fiftieth_message_is_in_z31_and_r31():
    counted = [row for row in files.table("truth.csv") if row["counts"] == "1"]
    order = sorted(counted, key=lambda row: int(row["message_id"]), reverse=True)
    for letter in "ZR":
        found = [row for row in order if row["conversation_id"].startswith(letter)]
        assert found[49]["conversation_id"] == f"{letter}31"


def test_requests_to_remove_are_those_of_the_study():
    explicit = [row for row in files.table("truth.csv") if row["removal_request"] == "explicit"]
    assert all(row["counts"] == "1" for row in explicit)
    assert Counter(row["conversation_id"][0] for row in explicit) == {"Z": 10, "R": 16}


def test_not_every_bsn_gets_a_request_to_remove():
    requests = Counter(
        row["removal_request"]
        for row in files.table("truth.csv")
        if row["counts"] == "1" and "bsn" in row["info_types"].split(";")
    )
    assert requests["explicit"] > 0
    assert requests["none"] > 0


def test_all_nine_types_are_shared():
    counted = [row for row in files.table("truth.csv") if row["counts"] == "1"]
    assert {kind for row in counted for kind in row["info_types"].split(";")} >= NINE
