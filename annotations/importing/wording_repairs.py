"""What was repaired, in words: the kinds that are counted in the report."""

from __future__ import annotations

REPAIRS: dict[str, dict[str, str]] = {
    "lone_cr": {
        "en": "loose carriage returns replaced by a space",
        "nl": "losse regelterugloop vervangen door een spatie",
    },
    "nul": {"en": "NUL characters removed", "nl": "NUL-tekens verwijderd"},
    "windows_1252": {"en": "file read as Windows-1252", "nl": "bestand gelezen als Windows-1252"},
    "mac_roman": {
        "en": "file read as Mac Roman; look whether accents and quotation marks are right",
        "nl": "bestand gelezen als Mac Roman; kijk of accenten en aanhalingstekens kloppen",
    },
    "float_id": {"en": "ids with .0 made whole", "nl": "id's met .0 heel gemaakt"},
    "x_id": {"en": "x in front of ids taken off", "nl": "x voor id's weggehaald"},
    "formula_cell": {"en": '="…" cells unwrapped', "nl": '="…"-cellen uitgepakt'},
    "id_list": {
        "en": "id lists turned into numbers, ignored",
        "nl": "id-lijsten die getallen werden, genegeerd",
    },
    "id_from_link": {"en": "ids taken from the link", "nl": "id's uit de link gehaald"},
    "mojibake": {
        "en": "texts with a wrong encoding put right",
        "nl": "teksten met een verkeerde codering hersteld",
    },
    "mojibake_seen": {
        "en": "texts with a wrong encoding, left as they are",
        "nl": "teksten met een verkeerde codering, ongewijzigd gelaten",
    },
    "footer_rows": {
        "en": "rows below the table (a total, a remark) left aside",
        "nl": "regels onder de tabel (een totaal, een opmerking) overgeslagen",
    },
    "blank_rows": {"en": "blank rows skipped", "nl": "lege rijen overgeslagen"},
    "edited": {
        "en": "versions of edited messages joined",
        "nl": "versies van bewerkte berichten samengevoegd",
    },
    "empty_text": {"en": "messages without text", "nl": "berichten zonder tekst"},
    "deleted_text": {
        "en": "messages whose text was deleted",
        "nl": "berichten waarvan de tekst is verwijderd",
    },
    "local_time": {"en": "local times turned into UTC", "nl": "lokale tijden omgezet naar UTC"},
    "time_ambiguous": {"en": "times at a change of the clock", "nl": "tijden op het verzetten van de klok"},
    "referenced_only": {
        "en": "referred-to messages outside every conversation left out",
        "nl": "aangehaalde berichten buiten elk gesprek weggelaten",
    },
    "reply_without_parent": {
        "en": "replies that do not say to which message",
        "nl": "antwoorden die niet zeggen op welk bericht",
    },
    "lone_surrogate": {
        "en": "broken characters (half an emoji) replaced by \ufffd",
        "nl": "kapotte tekens (een halve emoji) vervangen door \ufffd",
    },
    "repost": {"en": "reposts of somebody else's message", "nl": "doorplaatsingen van andermans bericht"},
    "stream_notice": {
        "en": "notices of the stream passed over",
        "nl": "meldingen van de stream overgeslagen",
    },
    "html_text": {"en": "texts in HTML made plain", "nl": "teksten in HTML omgezet naar platte tekst"},
    "shortened": {
        "en": "names or ids too long to keep whole, shortened",
        "nl": "namen of id's die te lang waren, ingekort",
    },
    "link_too_long": {
        "en": "links of more than 500 characters left out",
        "nl": "links van meer dan 500 tekens weggelaten",
    },
    "number_out_of_range": {
        "en": "impossible numbers of followers or messages left out",
        "nl": "onmogelijke aantallen volgers of berichten weggelaten",
    },
    "text_changed": {
        "en": "messages with another text than before, both kept",
        "nl": "berichten met een andere tekst dan voorheen, beide bewaard",
    },
    "placeholder_filled": {
        "en": "missing messages filled in",
        "nl": "ontbrekende berichten aangevuld",
    },
    "conversations_joined": {
        "en": "conversations joined that turned out to be one",
        "nl": "gesprekken samengevoegd die er één bleken te zijn",
    },
    "bad_rows_skipped": {"en": "bad rows skipped", "nl": "foute rijen overgeslagen"},
    "guard_taken_off": {
        "en": "apostrophes against formulas taken off",
        "nl": "apostrofs tegen formules weggehaald",
    },
    "time_unread": {
        "en": "times beside the message's own that cannot be read, left out",
        "nl": "bijkomende tijden die niet te lezen zijn, weggelaten",
    },
    "number_unread": {
        "en": "counts of followers or messages that are no numbers, unknown",
        "nl": "aantallen volgers of berichten die geen getal zijn, onbekend gelaten",
    },
    "wrong_type": {
        "en": "values of another kind than they should be, left out",
        "nl": "waarden van een andere soort dan ze horen te zijn, weggelaten",
    },
    "merged_cells": {"en": "merged cells filled down", "nl": "samengevoegde cellen naar beneden ingevuld"},
    "link_addresses": {
        "en": "links read by their address, not by what is shown",
        "nl": "links gelezen naar hun adres, niet naar wat er staat",
    },
    "reply_to_deleted": {
        "en": "replies to messages known to be deleted",
        "nl": "antwoorden op berichten waarvan bekend is dat ze zijn verwijderd",
    },
    "note_texts": {
        "en": "long texts completed from note-tweet.js",
        "nl": "lange teksten aangevuld uit note-tweet.js",
    },
}
