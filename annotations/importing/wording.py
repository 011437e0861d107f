"""The sentences of the import, in English and Dutch.

A problem carries a code and its particulars; the sentence is made here, so that the command (English) and the pages
(Dutch or English) say the same thing. A sentence names what is wrong and what to do, and never quotes a message.
"""

# ruff: noqa: E501 - a sentence stays on few lines, so that it can be found
from __future__ import annotations

from annotations.importing.wording_repairs import REPAIRS

PLACE = {"en": "{file}, line {line}: ", "nl": "{file}, regel {line}: "}
FILE = {"en": "{file}: ", "nl": "{file}: "}

PROBLEMS: dict[str, dict[str, str]] = {
    "empty_file": {
        "en": "the file is empty; export it again.",
        "nl": "het bestand is leeg; exporteer het opnieuw.",
    },
    "nothing_read": {
        "en": "not one row could be read; look at the first problems above, or choose another format.",
        "nl": "geen enkele rij was te lezen; kijk naar de eerste meldingen hierboven of kies een ander formaat.",
    },
    "not_readable": {
        "en": "the file cannot be opened ({why}); check the path and the permissions.",
        "nl": "het bestand kan niet worden geopend ({why}); controleer het pad en de rechten.",
    },
    "unknown_format": {
        "en": "this is none of the formats we know; name it with --format, or map the columns of a table. "
        "Known: {known}.",
        "nl": "dit is geen formaat dat we kennen; kies het formaat zelf, of wijs de kolommen van een tabel aan. "
        "Bekend: {known}.",
    },
    "wrong_format": {
        "en": "this is not {format}: {why}; leave the format to be recognised, or choose another.",
        "nl": "dit is geen {format}: {why}; laat het formaat herkennen of kies een ander.",
    },
    "no_messages": {
        "en": "the file holds {what} and no messages; export the tweets themselves.",
        "nl": "het bestand bevat {what} en geen berichten; exporteer de tweets zelf.",
    },
    "missing_column": {
        "en": "no column for {field}; the columns are {columns}. Say which one it is with --map {field}=COLUMN.",
        "nl": "er is geen kolom voor {field}; de kolommen zijn {columns}. Wijs aan welke kolom het is.",
    },
    "missing_id": {
        "en": "no column for id; the columns are {columns}. Say which one it is with --map id=COLUMN, or, where "
        "messages have no ids, let them be made from text, author and time with --map id=",
        "nl": "er is geen kolom voor id; de kolommen zijn {columns}. Wijs aan welke kolom het is, of laat id's maken "
        "uit tekst, auteur en tijd als het bestand er geen heeft.",
    },
    "ids_made": {
        "en": "the file has no ids; they are made from text, author and time. The same file imported again adds "
        "nothing; a row whose text, author or time (without times: its line) was changed counts as a new message.",
        "nl": "het bestand heeft geen id's; ze zijn gemaakt uit tekst, auteur en tijd. Hetzelfde bestand nog eens "
        "importeren voegt niets toe; een rij waarvan tekst, auteur of tijd (zonder tijden: de regel) is veranderd, telt "
        "als nieuw bericht.",
    },
    "column_twice": {
        "en": "more than one column is called {column}; the first is read.",
        "nl": "meer dan één kolom heet {column}; de eerste wordt gelezen.",
    },
    "no_such_column": {
        "en": "there is no column {column} (mapped to {field}); the columns are {columns}.",
        "nl": "er is geen kolom {column} (gekozen voor {field}); de kolommen zijn {columns}.",
    },
    "no_such_field": {
        "en": "there is no field {field} to map a column to; the fields are {fields}.",
        "nl": "er is geen veld {field} om een kolom aan te koppelen; de velden zijn {fields}.",
    },
    "ids_rounded": {
        "en": "the ids in column {column} were rounded by a spreadsheet ({share} of {checked} end in 000 or hold E+), "
        "so they point at no message; import the original file, or add a column with the link of each message.",
        "nl": "de id's in kolom {column} zijn door een rekenblad afgerond ({share} van {checked} eindigen op 000 of "
        "bevatten E+) en wijzen geen bericht meer aan; importeer het oorspronkelijke bestand of voeg een kolom met de "
        "link van elk bericht toe.",
    },
    "ids_from_link": {
        "en": "the ids in column {column} were rounded by a spreadsheet ({share} of {checked}); the ids in the links "
        "were used instead.",
        "nl": "de id's in kolom {column} zijn door een rekenblad afgerond ({share} van {checked}); in plaats daarvan "
        "zijn de id's uit de links gebruikt.",
    },
    "references_rounded": {
        "en": "column {column} was rounded by a spreadsheet ({share} of {checked}) and is left out: {field} is "
        "unknown; import the original file to get the threads back.",
        "nl": "kolom {column} is door een rekenblad afgerond ({share} van {checked}) en is weggelaten: {field} is "
        "onbekend; importeer het oorspronkelijke bestand om de gesprekken terug te krijgen.",
    },
    "id_rounded": {
        "en": "the id in column {column} is a rounded number (it holds E+); export the ids as text.",
        "nl": "de id in kolom {column} is een afgerond getal (met E+); exporteer de id's als tekst.",
    },
    "id_missing": {
        "en": "this row has no id and no link that holds one; fill it in, or skip bad rows.",
        "nl": "deze rij heeft geen id en geen link waar de id in staat; vul die in of sla foute rijen over.",
    },
    "field_count": {
        "en": "this row has {found} fields where the header has {expected}; check quotes and delimiters on this line, "
        "or skip bad rows.",
        "nl": "deze rij heeft {found} velden terwijl de kopregel er {expected} heeft; controleer aanhalingstekens en "
        "scheidingstekens op deze regel, of sla foute rijen over.",
    },
    "bad_table": {
        "en": "the table breaks off here ({why}); check for a quotation mark that is not closed.",
        "nl": "de tabel breekt hier af ({why}); kijk of een aanhalingsteken niet is gesloten.",
    },
    "workbook_too_large": {
        "en": "the workbook is too large to open, damaged, or has a cell far away from the others; save the sheet "
        "as CSV and import that.",
        "nl": "het rekenblad is te groot om te openen, beschadigd, of heeft een cel ver van de andere; sla het blad "
        "op als CSV en importeer dat.",
    },
    "open_quote": {
        "en": "a quotation mark is opened here and never closed, so the rest of the file would be one text; close it.",
        "nl": "hier gaat een aanhalingsteken open dat nergens sluit, zodat de rest van het bestand één tekst zou zijn; "
        "sluit het.",
    },
    "bad_time": {
        "en": "column {column} holds a time that cannot be read; write it as 2017-10-31 22:10:47, or map another column.",
        "nl": "kolom {column} bevat een tijd die niet te lezen is; schrijf die als 2017-10-31 22:10:47 of kies een "
        "andere kolom.",
    },
    "bad_encoding": {
        "en": "this row holds bytes that are not {encoding}; save the file again as UTF-8, or skip bad rows.",
        "nl": "deze rij bevat bytes die geen {encoding} zijn; sla het bestand opnieuw op als UTF-8 of sla foute rijen over.",
    },
    "broken_json": {
        "en": "this line is no valid JSON (it breaks at character {column}); take the line out, or skip bad rows.",
        "nl": "deze regel is geen geldige JSON (fout bij teken {column}); haal de regel weg of sla foute rijen over.",
    },
    "not_a_message": {
        "en": "what stands here is no message in {format}; take it out, or skip bad rows.",
        "nl": "wat hier staat is geen bericht in {format}; haal het weg of sla foute rijen over.",
    },
    "ids_are_floats": {
        "en": "ids stand here as numbers that lost digits ({ids}); export them again as text: the digits cannot be brought back.",
        "nl": "id's staan hier als getallen die cijfers kwijt zijn ({ids}); exporteer ze opnieuw als tekst: de cijfers zijn niet terug te halen.",
    },
    "too_large": {
        "en": "{what} is larger than {limit}, more than a message can be; is the file damaged here?",
        "nl": "{what} is groter dan {limit}, meer dan een bericht kan zijn; is het bestand hier beschadigd?",
    },
    "bad_archive": {
        "en": "the zip file cannot be read ({why}); pack the folder again.",
        "nl": "het zipbestand is niet te lezen ({why}); pak de map opnieuw in.",
    },
    "no_account": {
        "en": "account.js is not in the archive; give the account's handle, as every message is theirs.",
        "nl": "account.js ontbreekt in het archief; geef de accountnaam op, want elk bericht is van dat account.",
    },
    "flat_threads": {
        "en": "this format does not say what a message answers; each conversation is shown in the order of time.",
        "nl": "dit formaat zegt niet waarop een bericht antwoordt; elk gesprek staat op volgorde van tijd.",
    },
    "times_are_local": {
        "en": "the times have no time zone; they were read as {timezone}.",
        "nl": "de tijden hebben geen tijdzone; ze zijn gelezen als {timezone}.",
    },
    "time_ambiguous": {
        "en": "this time occurs twice or not at all in {timezone} (the clock changed); the first was taken.",
        "nl": "deze tijd komt in {timezone} twee keer of niet voor (de klok is verzet); de eerste is genomen.",
    },
    "day_or_month": {
        "en": "no date shows whether the day or the month comes first; the day was read first.",
        "nl": "uit geen enkele datum blijkt of dag of maand voorop staat; de dag is als eerste gelezen.",
    },
    "mojibake": {
        "en": "{count} texts were damaged by a wrong encoding (such as â€™ for ’); the repair can be switched on, the "
        "raw text is kept.",
        "nl": "{count} teksten zijn beschadigd door een verkeerde codering (zoals â€™ voor ’); de reparatie kan "
        "worden aangezet, de ruwe tekst blijft bewaard.",
    },
    "duplicate_differs": {
        "en": "message {id} occurs more than once with another author or text; the longest text was kept.",
        "nl": "bericht {id} komt meer dan eens voor met een andere auteur of tekst; de langste tekst is bewaard.",
    },
    "conversation_contradicts": {
        "en": "message {id} names another conversation than the message it answers; the answer decides.",
        "nl": "bericht {id} noemt een ander gesprek dan het bericht waarop het antwoordt; het antwoord beslist.",
    },
    "text_changed": {
        "en": "message {id} now has another text; the stored text stays as coders saw it, the new one is kept beside it.",
        "nl": "bericht {id} heeft nu een andere tekst; de opgeslagen tekst blijft zoals codeurs die zagen, de nieuwe wordt ernaast bewaard.",
    },
    "kept_apart": {
        "en": "conversations {numbers} turn out to be one, but were given to coders already; they are kept apart.",
        "nl": "de gesprekken {numbers} blijken één gesprek te zijn, maar zijn al aan codeurs gegeven; ze blijven apart.",
    },
    "too_many_columns": {
        "en": "this row has {found} columns, more than {most}; is it a table, and is its delimiter right?",
        "nl": "deze rij heeft {found} kolommen, meer dan {most}; is het een tabel, en klopt het scheidingsteken?",
    },
    "header_found": {
        "en": "the names of the columns stand on line {at}; what stands above it ({count}) was left aside.",
        "nl": "de namen van de kolommen staan op regel {at}; wat erboven staat ({count}) is overgeslagen.",
    },
    "not_times": {
        "en": "column {column} was taken for the time, but {share} of {checked} values are no times; map another column, or none.",
        "nl": "kolom {column} leek de tijd, maar {share} van {checked} waarden zijn geen tijd; kies een andere kolom, of geen.",
    },
    "not_times_left_out": {
        "en": "column {column} is left out: {share} of {checked} values are no times.",
        "nl": "kolom {column} is weggelaten: {share} van {checked} waarden zijn geen tijd.",
    },
    "columns_unread": {
        "en": "columns that hold something and are not read: {columns}. Map them if they matter.",
        "nl": "kolommen met inhoud die niet worden gelezen: {columns}. Wijs ze aan als ze ertoe doen.",
    },
    "no_times": {
        "en": "nothing says when messages were posted: they stand in the order of their ids, and response times cannot be computed.",
        "nl": "nergens staat wanneer iets is geplaatst: berichten staan op volgorde van hun id en reactietijden zijn niet te berekenen.",
    },
    "days_only": {
        "en": "column {column} holds days and no times of day, so response times and the order within a day are not to be trusted; map a column with times, or join two.",
        "nl": "kolom {column} bevat dagen zonder tijdstip; reactietijden en de volgorde binnen een dag zijn dus niet te vertrouwen. Kies een kolom met tijden, of voeg er twee samen.",
    },
    "no_authors": {
        "en": "nothing says who wrote what: nobody's role can be guessed.",
        "nl": "nergens staat wie iets schreef: van niemand is de rol te raden.",
    },
    "no_threads": {
        "en": "nothing says which message answers which; each message is now a conversation of its own.",
        "nl": "nergens staat welk bericht op welk antwoordt; elk bericht is nu een gesprek op zich.",
    },
    "no_texts": {
        "en": "column {column} is empty in every row (formulas whose results were not saved?); open the file, save it again, or map another column.",
        "nl": "kolom {column} is in elke rij leeg (formules zonder bewaarde uitkomst?); open het bestand, sla het opnieuw op, of kies een andere kolom.",
    },
    "other_sheets": {
        "en": "sheet {sheet} was read; the workbook also has: {others}. Another sheet can be chosen.",
        "nl": "blad {sheet} is gelezen; het rekenblad heeft ook: {others}. Er is een ander blad te kiezen.",
    },
    "no_sheet": {
        "en": "there is no sheet {sheet}; the sheets are {sheets}.",
        "nl": "er is geen blad {sheet}; de bladen zijn {sheets}.",
    },
    "encrypted": {
        "en": "the file is protected with a password; take the password off (unpack it yourself) and import what is in it.",
        "nl": "het bestand is met een wachtwoord beveiligd; haal het wachtwoord eraf (pak het zelf uit) en importeer de inhoud.",
    },
    "workbook_died": {
        "en": "the workbook cannot be read within the limits of memory and time: it is damaged, or made in an unusual way; save the sheet as CSV and import that.",
        "nl": "het rekenblad is binnen de grenzen van geheugen en tijd niet te lezen: het is beschadigd of ongewoon gemaakt; sla het blad op als CSV en importeer dat.",
    },
    "takes_too_long": {
        "en": "looking at the file took too long: it is damaged, or packed far smaller than it is; unpack it, or export a smaller part.",
        "nl": "het bekijken van het bestand duurde te lang: het is beschadigd, of veel kleiner ingepakt dan het is; pak het uit of exporteer een kleiner deel.",
    },
    "only_beginning": {
        "en": "only the beginning was looked at: what stands after it takes more time than a preview may.",
        "nl": "alleen het begin is bekeken: wat erna komt kost meer tijd dan een voorbeeld mag duren.",
    },
    "no_text": {
        "en": "the text of this message is no text ({kind}); take it out, or skip bad rows.",
        "nl": "de tekst van dit bericht is geen tekst ({kind}); haal het weg of sla foute rijen over.",
    },
    "no_room": {
        "en": "there is no room on the disk to unpack this; unpack it elsewhere and import a part at a time.",
        "nl": "er is geen schijfruimte om dit uit te pakken; pak het elders uit en importeer het in delen.",
    },
    "too_deep": {
        "en": "this is an archive in an archive in an archive; unpack it first.",
        "nl": "dit is een archief in een archief in een archief; pak het eerst uit.",
    },
    "nothing_in_zip": {
        "en": "the zip holds no tables or JSON (only {kinds}); which file in it has the messages?",
        "nl": "de zip bevat geen tabellen of JSON (alleen {kinds}); in welk bestand staan de berichten?",
    },
    "other_archive": {
        "en": "this is a {kind} archive; unpack it first, or pack it as zip.",
        "nl": "dit is een {kind}-archief; pak het eerst uit, of pak het in als zip.",
    },
    "web_page": {
        "en": "this is a web page, whatever its name says; open it in Excel or LibreOffice and save it as xlsx or CSV.",
        "nl": "dit is een webpagina, wat de naam ook zegt; open het bestand in Excel of LibreOffice en sla het op als xlsx of CSV.",
    },
    "other_document": {
        "en": "this is a {kind} file, which holds no table that can be read here; open it in the program it is for and save the messages as xlsx or CSV.",
        "nl": "dit is een {kind}-bestand, zonder tabel die hier te lezen is; open het in het programma waar het bij hoort en sla de berichten op als xlsx of CSV.",
    },
    "ids_of_links": {
        "en": "the numbers in column {column} are the program's own; the ids in the links of the messages were taken instead. Map the column to keep them.",
        "nl": "de nummers in kolom {column} zijn van het programma zelf; de id's uit de links van de berichten zijn genomen. Wijs de kolom aan om de nummers te houden.",
    },
    "texts_cut": {
        "en": "{count} texts end in …, as programs cut them; if there is an export with whole texts, take that one.",
        "nl": "{count} teksten eindigen op …, zoals programma's ze afkappen; is er een export met hele teksten, neem dan die.",
    },
    "day_orders_mixed": {
        "en": "both orders of day and month occur: {day} dates can only be day first, {month} only month first (a file of one country opened in a program of another?). Dates that can be both may be wrong; export the file again.",
        "nl": "beide volgordes van dag en maand komen voor: {day} datums kunnen alleen met de dag voorop, {month} alleen met de maand voorop (een bestand uit het ene land, geopend in een programma uit het andere?). Datums die beide kunnen zijn, kunnen fout zijn; exporteer het bestand opnieuw.",
    },
    "cut_texts": {
        "en": "{count} texts end in … and their whole text is not in the files; add note-tweet.js of the same archive.",
        "nl": "{count} teksten eindigen op … en de hele tekst zit niet in de bestanden; voeg note-tweet.js uit hetzelfde archief toe.",
    },
    "cycle_cut": {
        "en": "message {id} answers, by way of others, itself; as the oldest of the ring it now opens the conversation.",
        "nl": "bericht {id} antwoordt via andere op zichzelf; als oudste van de kring opent het nu het gesprek.",
    },
}


def sentence(code: str, language: str, *, file: str, line: int, **params: object) -> str:
    """The sentence for a code, with its place in front; an unknown code raises KeyError."""
    where = (PLACE if line else FILE)[language].format(file=file, line=line)
    return where + PROBLEMS[code][language].format(**params)


def repair_name(kind: str, language: str) -> str:
    return REPAIRS[kind][language]


HOW: dict[str, dict[str, str]] = {
    "header": {"en": "its header has {columns}", "nl": "de kopregel heeft {columns}"},
    "guessed_header": {
        "en": "its columns could be matched by name: {columns}",
        "nl": "de kolommen zijn aan hun naam herkend: {columns}",
    },
    "table": {
        "en": "it is a table with the columns {columns}",
        "nl": "het is een tabel met de kolommen {columns}",
    },
    "keys": {"en": "its first record has the keys {keys}", "nl": "de eerste regel heeft de sleutels {keys}"},
    "files": {"en": "it holds the files {names}", "nl": "er zitten de bestanden {names} in"},
    "starts": {"en": "it starts with {start}", "nl": "het begint met {start}"},
}


def how_recognised(code: str, language: str, **params: object) -> str:
    return HOW[code][language].format(**params)
