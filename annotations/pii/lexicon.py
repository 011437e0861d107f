"""The words that announce personal data in Dutch and English customer-service messages.

Three tables: words that announce a kind by themselves, stems that do so together with "nummer", "nr", "no"
or "code"
(written as one word, with a hyphen, or apart), and phrases of two words.
"""

from __future__ import annotations


def words(text: str) -> list[str]:
    """The words of a list written as running text."""
    return text.split()


def _table(**kinds: str) -> dict[str, str]:
    return {word: kind for kind, listed in kinds.items() for word in listed.split()}


def _phrases(**kinds: str) -> dict[str, str]:
    return {phrase.strip(): kind for kind, phrases in kinds.items() for phrase in phrases.split(",")}


NUMBER_WORDS = frozenset(
    words("nummer nummers nr nrs no num number numbers numer nummr nmr nunmer numme code id nummber numbr")
)

STEMS = _table(
    bsn="bsn sofi burgerservice burger-service burger fiscaal persoons sv",
    assessment_number="toekenningsbeschikking naheffingsaanslag aanslag aanslags beschikking beschikkings "
    "aangifte aangiftes assessment decision "
    "cjib parket belastingaanslag voorschot toekennings toekenning aanslagbiljet",
    payment_reference="betaal betalings acceptgiro betaalkenmerk",
    iban="iban bank bankrekening giro girorekening bankaccount banking",
    account="rekening rek account acc",
    phone="telefoon tel mobiel mobiele gsm foon phone mobile cell contact telefoons thuis bel whatsapp app "
    "huistelefoon vast",
    customer_number="klant klanten relatie debiteur debiteuren contract polis lid lidmaatschap "
    "lidmaatschaps customer client "
    "cliënt member membership abonnee abonnement abonnements contractant deelnemer account user policy "
    "subscriber kaart bonuskaart spaarkaart loyaliteits uzovi studentnummer student lidmaatschapsnr ledenpas "
    "chipkaart pas registratie verzekerden verzekerde klantenkaart subscription loyalty gebruikers",
    order_number="order orders bestel bestelling bestellings purchase zending zendings track tracking "
    "pakket barcode "
    "booking boekings boeking reserverings reservering reservation parcel shipment trace retour bon "
    "confirmation bevestigings bevestiging "
    "aankoop transactie",
    invoice_number="factuur creditfactuur declaratie fact nota invoice bill facturatie creditnota",
    case_number="zaak zaaks case ticket meldings melding referentie referenties reference ref dossier "
    "klacht klachten "
    "incident service serviceaanvraag verzoek complaint storings storing aanvraag support schade claim "
    "kenmerk claimnummer",
    licence_plate="kenteken licence license plate",
    kvk_number="kvk",
    vat_number="btw vat ob omzetbelasting",
    meter_ean="ean aansluit aansluitings",
    imei="imei toestel",
    iccid="iccid sim simkaart simcard",
    credit_card="creditcard kredietkaart creditkaart visa mastercard",
    id_document="paspoort passport id identiteit identiteits identiteitskaart identiteitsbewijs "
    "legitimatie document "
    "rijbewijs reisdocument vreemdelingen idkaart",
    house_number="huis house",
    postcode="post zip postal",
)

WORDS = _table(
    bsn="bsn bsnnr burgernummer burgernr svnr svnummer persoonsnummer burgerservicenummer burgerservicenr "
    "sofinummer sofinr sofi bsnr bsnummer burgerservice "
    "rsin rsinnummer ssn "
    "fiscaalnummer bsns",
    assessment_number="aanslagnummer aanslagnr aanslag beschikking aangifte beschikkingsnummer "
    "beschikkingsnr beschikkingnr "
    "beschikkingnummer "
    "aangiftenummer assessment",
    payment_reference="betalingskenmerk betaalkenmerk betaalnummer betalingskenm paymentreference "
    "acceptgirokenmerk",
    iban="iban bankrekening bankrekeningnummer bankreknr ibannummer bankaccount girorekening banknr "
    "banknummer gironummer giro "
    "iban-nummer ibans bankrek",
    account="rekeningnummer rekeningnr reknr rekeningnrs",
    phone="tel telefoon telefoonnummer telefoonnr telnr telnummer mobiel mobiele mobieltje gsm bel bellen "
    "belt gebeld phone "
    "mobile cell "
    "cellphone whatsapp whatsappen app appen apps appje sms smsen sms'en nummer telefoonnummers "
    "thuisnummer foonnummer "
    "call text "
    "bereikbaar telefonisch fon telno terugbellen belletje telef tell mob reach phonenumber landline foon "
    "gsmnummer "
    "contact contactnummer contactnr gsmnr mobnr mobielnr tel.nr telefoonnrs "
    "telefoontje terugbelt opbellen ring dial handy handynummer festnetz",
    email="mail email mailadres emailadres mailen mailt mailbox e-mail emailaddress mailaddress maal "
    "gemaild hotmail gmail "
    "outlook mailtje",
    customer_number="klantnummer klantnr klantno klantcode klant relatienummer contract polis lidnummer "
    "lidmaatschap "
    "customer "
    "debiteur debiteurnr klantnummers lidnr contractnr polisnr relatienr abonneenummer abonneenr "
    "verzekerdennummer studentnummer bonuskaartnummer spaarkaartnummer klantid klantnum "
    "accountnummer "
    "accountnr member kaartnummer kaartnr ov-chipkaartnummer chipkaartnummer deelnemersnummer klnr "
    "klantennummer account "
    "acct acc polisnummer contractnummer registratienummer gebruikersnummer knr relatie lid "
    "abonnee klantennr "
    "lidno "
    "ledennummer polisno deelnemer pasnummer pasnr klantenpas ledenpas ov-chipkaart chipkaart ovchipkaart "
    "bonuskaart "
    "spaarpas spaarkaart loyalty membership skywards miles frequent policy zorgpas verzekerde cliëntnummer "
    "patiëntnummer patientnummer leerlingnummer personeelsnummer huurdersnummer donateursnummer",
    order_number="ordernummer ordernr order orders bestelnummer bestelnr bestelling bestellingsnummer "
    "ordernum track "
    "tracking "
    "trackingnummer barcode zending zendingsnummer zendingnummer pakketnummer pakketcode pakket "
    "trackingcode tracktrace "
    "tracking-code boekingsnummer "
    "reserveringsnummer reservering boeking booking pnr parcel shipment orderno retournummer ordrnr tnt "
    "trackandtrace "
    "verzendnummer postpakket reservation "
    "boekingscode reserveringscode tracknummer verzendcode rma rma-nummer retourcode retournr confirmation "
    "bevestigingsnummer "
    "bevestigingscode pakje pakketje bestelbon bonnummer bonnr kassabon ticketcode locator recordlocator "
    "trackingid consignment waybill awb transactienummer transactie transactie-id aankoopnummer ordercode",
    invoice_number="afrekening eindafrekening jaarnota factuurnummer factuurnr factuur "
    "creditfactuur declaratie nota notanummer notanr "
    "invoice factnr factuurno "
    "factuurnrs invoicenumber "
    "factuurs facturen bill",
    case_number="bagagetag zaaknummer zaaknr zaak case casenummer casenr caseid ticket "
    "ticketnummer ticketnr melding "
    "meldingsnummer "
    "meldingnummer meldingnr "
    "meldingsnr referentie referentienummer ref refnr dossiernummer dossiernr dossier kenmerk reference "
    "referentienr "
    "ticketid klachtnummer "
    "klachtnr klacht incident incidentnummer serviceverzoek storingsnummer kenmerknummer meldnummer zaakno "
    "caseno servicenr meldnr claim claimnummer claimnr schadenummer schadenr aanvraagnummer aanvraagnr "
    "bezwaarnummer bezwaarschrift verzoeknummer werkbon werkbonnummer opdrachtnummer "
    "serviceaanvraag "
    "complaint srnummer inc enquiry query escalation parkeerbon naheffingsnummer reparatieverzoek tenancy",
    income="fertsjinje fertsjinne fertsjinst lean pensjoen útkearing utkearing ynkommen inkomen "
    "inkomsten jaarinkomen maandinkomen toetsingsinkomen verzamelinkomen gezinsinkomen loon "
    "nettoloon "
    "brutoloon maandloon uurloon jaarloon salaris "
    "maandsalaris jaarsalaris nettosalaris brutosalaris verdien verdient verdiende verdienen verdiend "
    "uitkering "
    "bijstandsuitkering ww-uitkering bijstand wia "
    "wajong wajonguitkering aow pensioen alimentatie partneralimentatie kinderalimentatie winst "
    "jaarwinst omzet jaaromzet nettowinst income salary wage wages earn "
    "earns earning earned benefits pension alimony inkomem salris bijstandje zorgtoeslag "
    "huurtoeslag kindgebonden "
    "kinderbijslag toeslag ziektewet wao iow ioaw anw nabestaandenpensioen studiefinanciering stufi "
    "lijfrente "
    "nettoinkomen brutoinkomen vakantiegeld bruto-inkomen netto-inkomen aow-uitkering wia-uitkering "
    "turnover stipend "
    "kinderopvangtoeslag "
    "inkomsen takehome payslip loonstrook paycheck weekloon bijbaan pensioentje pensioenen ww-uitkering "
    "wia-uitkering aio "
    "brings inkomsten zzp bijstands nabestaandenuitkering wages dagloon stagevergoeding zakgeld "
    "studiebeurs beurs "
    "maandinkomsten ziektegeld pgb leefgeld weekgeld jaaropgave jaaropgaaf jobseekers ontslagvergoeding "
    "bijstandsmoeder loonstrookje salarisstrook salarisstrookje loonspecificatie salarisspecificatie "
    "loonbriefje "
    "verdiensten bijverdien bijverdiensten bijverdienste bijbaantje krantenwijk vakantiewerk vakantiebaan "
    "zaterdagbaan zaterdagbaantje oproepkracht invalkracht uitzendwerk loondienst loonlijst uurtarief "
    "dagtarief "
    "honorarium provisie fooien wedde leefloon werkloosheidsuitkering stempelgeld dopgeld ouderdomspensioen "
    "weduwepensioen wezenpensioen partnerpensioen prepensioen basisbeurs wga iva ioaz toeslagenwet tozo bbz "
    "arbeidsongeschiktheidsuitkering invaliditeitsuitkering zwangerschapsuitkering ziekengeld wachtgeld "
    "eindejaarsuitkering dividend huurinkomsten maandsalarissen bruto-maandloon brutomaandloon "
    "nettomaandloon "
    "minimuminkomen jaarwedde brutosalaris pensioenuitkering ao-uitkering aow'er aow-er wajonger pensionado "
    "maandverdienste weekverdienste soldij vut studietoelage "
    "takehome paycheque paychecks payslips earner earnings annuity stipends payroll salaried ssi ssdi jsa "
    "esa "
    "pensioner grossing",
    debt="skuld skulden efterstân schuld verschuldigd schulden studieschuld restschuld "
    "belastingschuld betalingsachterstand "
    "achterstand "
    "huurachterstand "
    "achterstanden openstaand openstaande openstaat openstaan terugbetalen terugbetaal terugvordering "
    "terugvorderen "
    "teruggevorderd naheffing naheffingsaanslag incasso incassokosten incassobureau deurwaarder "
    "deurwaarders aanmaning "
    "aanmaningen roodstand rood betalingsregeling afbetalingsregeling krediet "
    "lening leningen doorlopend debt debts owe owed owing arrears outstanding overdue bailiff bailiffs "
    "dwangbevel "
    "loonbeslag beslag beslaglegging schuldsanering wsnp bewindvoerder aflossen afbetalen afbetaal aflos "
    "aflossing "
    "repay loan overdraft creditcardschuld schuldhulp kredietje schuldeisers betalingsachterstanden "
    "hypotheekschuld vordering navordering navorderingsaanslag terugvorderingen roodstaan schulp schult "
    "repayment "
    "wanbetaler vordert vorderen krijt termijnen instalment instalments installment installments overdrawn "
    "belastingaanslag schuldeiser betalingsregelingen schuldje schulp repayments indebted bewind "
    "loonbeslag studielening loans achterstallig achterstallige schuldhulpverlening schuldenlast "
    "bankruptcy termijnbedrag "
    "afbetaling huurschuld energieschuld belastingschulden hypotheek hypotheekje restanthypotheek sanering "
    "dagvaarding vonnis ingebrekestelling kwijtschelding faillissement curator schuldbemiddeling "
    "schuldbemiddelaar gerechtsdeurwaarder achterstallen afbetalingsplan premieachterstand premieschuld "
    "zorgschuld "
    "toeslagschuld telefoonschuld gokschuld gokschulden familieschuld bankschuld huurachterstanden "
    "energieachterstand hypotheekachterstand lenen leende geleend leningetje minlening doorlopend "
    "kredietlimiet "
    "persoonlijke-lening autolening roodstaat debetstand debetsaldo "
    "openstaat openstand restbedrag ophoesten naheffingen loonvordering dwangsom schuldrest aanmaningskosten "
    "wanbetalersregeling bronheffing bestuursrechtelijke eindheffing deurwaarderskosten "
    "mortgage collections indebtedness garnished garnishment garnishing defaulted lien ccj ccjs repaying "
    "repaid borrowed overpayment overpaid delinquent owes",
    birth_date="geboren geb geboortedatum geboortedata gebdatum gebdat gebdtm geboorte born birthday "
    "birthdate dob "
    "verjaardag jarig birth geboortedag gebordatum gebortedatum gebdate birthdat d.o.b",
    credentials="gebruikersnaam inlognaam inlog inlogcode inloggegevens login wachtwoord ww pincode pin "
    "pinnen puk pukcode "
    "username password passwd pw passcode wachtw toegangscode verificatiecode activatiecode code sms-code "
    "loginnaam user "
    "wachtwoorden passwoord paswoord usernaam digid codewoord beveiligingscode wwoord inloggen wachwoord "
    "puk-code otp tan tancode",
    licence_plate="plaat kenteken kentekennummer kentekens nummerplaat kentekenplaat auto numberplate plate "
    "plates registration "
    "reg licenceplate licenseplate bus scooter motor bestelbus",
    kvk_number="kvk kvknummer kvknr kamer coc vestigingsnummer vestigingsnr kvk-nummer",
    vat_number="btw btwnummer btwnr btw-id btwid vat ob-nummer obnummer omzetbelastingnummer btw-nummer "
    "vatnumber",
    meter_ean="ean eancode eannummer ean-code meter aansluiting aansluitnummer elektra gas stroommeter "
    "gasmeter meternummer",
    imei="imei imeinummer imeinr toestel serienummer",
    iccid="iccid simkaart simnummer simkaartnummer sim simcard simnr esim",
    credit_card="creditcard creditcardnummer visa mastercard amex creditkaart creditcards creditcardnr "
    "mastercardnummer",
    id_document="paspoort paspoortnummer passport rijbewijs rijbewijsnummer identiteitskaart "
    "identiteitskaartnummer idkaart "
    "legitimatie legitimatiebewijs identiteitsbewijs documentnummer id-kaart idbewijs paspoortnr "
    "rijbewijsnr licence "
    "passportnumber verblijfsdocument verblijfsvergunning v-nummer vnummer reisdocument idnummer documentnr",
    address="adres adresgegevens woon wonend woonachtig woonadres address bezorgadres afleveradres "
    "huisadres woont wonen "
    "live living verhuisd verhuis verhuizen adresje factuuradres postadres adress straat verhuisadres adrs "
    "thuisadres "
    "wonende adr woonde wonnen street huisadres lives straatnaam",
    house_number="huisnummer huisnr hnr huisno housenumber nummer nr",
    postcode="postcode postcodes pc postkode zip zipcode postalcode pcode postcd postcodenummer postal "
    "poscode",
    name="naam achternaam voornaam heet name surname lastname firstname voorletters tnv tav",
    last_digits="laatste eindigt eindigend eindigen eindcijfers last ending ends eindigde eindcijfer",
)
WORDS["nummer"] = "number"
WORDS["nr"] = "number"
WORDS["number"] = "number"

PURCHASE = frozenset(
    words(
        "kost kosten kostte kostten rekening abonnement prijs korting betaald betaalde koop gekocht kocht "
        "bestelling  order   boete refund refunded teruggaaf teruggave terugstorten "
        "teruggestort terugkrijgen terugbetaald terugbetaling  tegoed beltegoed vergoeding compensatie "
        "schadevergoeding cashback voucher cadeaubon waardebon tegoedbon price paid bill  cost costs "
        "charged charge fee subscription discount credited compensation verzendkosten toeslagkosten "
        "aanbieding  factuurbedrag actie bundel eigen borg statiegeld ticket kaartje huur premie abo "
        "abonnementskosten maandbedrag  termijnbedrag afgeschreven afschrijving afgeboekt gestort retour "
        "toestelkosten waarde eigenrisico reiskosten cheque  administratiekosten gift bonus servicekosten "
        "bezorgkosten reward pakket besparing bespaar duurder goedkoper verhoging  verhoogd hoger omhoog meer"
    )
)
"""Words of buying, paying and paying back: the amount beside them is neither income nor debt."""

PHRASES = _phrases(
    bsn="burger service, citizen service, social security, burgerservice nummer, fiscal number, tax number, "
    "bsn nummer, sofi nummer",
    income="universal credit, disability benefits, take home, sick pay, maternity pay, state pension, "
    "child support, child benefit, tax credits, carer's allowance, pension credit, day rate, "
    "household income, dertiende maand, bijzondere bijstand, kindgebonden budget, in loondienst",
    debt="payment plan, in arrears, past due, open bedrag, te gaan, student loan, student loans, "
    "charged off, debt relief, back rent, back taxes, pay off, pay back, paying off, paying back, "
    "persoonlijke lening, doorlopend krediet, open rekening",
    payment_reference="payment reference, betalings kenmerk, betaal kenmerk, kenmerk acceptgiro",
    iban="bank rekening, bank account, bank rekeningnummer, iban nummer, giro rekening, bank details",
    email="e mail, mail adres, email adres, email address, mail address",
    phone="call me, text me, bel me, bel mij, app me, mobiel nummer, mobiele nummer, phone number, mobile "
    "number, my number, "
    "mijn nummer, me bellen, mij bellen, sms me, best number, nul ervoor, ring me, reach me, contact me",
    birth_date="geb dat, geb datum, geboorte datum, date of, birth date",
    customer_number="customer number, customer id, account number, ov chipkaart, ov chip, klant id, klant "
    "code, flying blue, frequent flyer, air miles, jullie onder, bekend onder, "
    "executive club, miles more, club number, card number, member number, registered under, "
    "membership no, customer ref, account no, policy no, policy number, ov kaart, ov "
    "pas,  bonus kaart, loyalty card, skywards number",
    order_number="booking reference, booking number, track and, track en, trace code, tracking code, "
    "record locator, booking ref, booking code, retour nummer, consignment number, confirmation code, "
    "confirmation number",
    case_number="bag tag, file ref, file reference, tax ref, claim ref, case ref",
    name="t.n.v, last name, first name, full name",
    licence_plate="number plate, licence plate, license plate",
    kvk_number="kamer van, chamber of",
    credentials="user name, pin code, pass word, wacht woord, sms code",
    postcode="post code, zip code, postal code",
    house_number="huis nummer, huis nr, house number",
    credit_card="credit card",
    id_document="id kaart, identity card, id card, driving licence, driver license, v nummer",
)

ALSO = {"ww": "income"}
"""Words that announce a second kind beside their first."""

COMPOUNDS = {
    "boeking": "order_number",
    "reservering": "order_number",
    "bestelling": "order_number",
    "zending": "order_number",
    "polis": "customer_number",
    "contract": "customer_number",
    "abonnement": "customer_number",
    "factuur": "invoice_number",
    "melding": "case_number",
    "verzoek": "case_number",
    "aanvraag": "case_number",
    "claim": "case_number",
    "schade": "case_number",
    "dossier": "case_number",
    "boete": "case_number",
    "bonkaart": "customer_number",
    "pas": "customer_number",
    "klacht": "case_number",
}
"""What a compound ends in ("vluchtboeking", "zorgpolis"): it announces a value only directly beside it."""

NO_PERSONS_NUMBER = frozenset(
    words(
        "huis telefoon model type artikel serie vlucht trein kamer pagina versie spoor stoel "
        "lijn bus tram ritsnummer rit "
        "fout nood service alarm product rug start lot volg bladzijde blad programma kanaal "
        "zender hoofdstuk wijk "
        "woordvoerders informatie klacht kleur maat onderdeel partij foutcode error postbus "
        "antwoord route perron gate "
        "fax huisnr rang ranglijst plaats seizoens aflevering wed pin puk korting kortings actie "
        "activatie toegang "
        "landen land bank swift bic qr bar kleuren zip post promo voucher geluks rekening wagon "
        "wagen treinstel "
        "materieel gironummer giro stel halte zone afrit weg a n provincie bericht bestands "
        "bestand systeem deel "
        "part product article item catalogue chapter "
        "flight phone telephone model serial room seat train platform gate version error page "
        "tracking street house "
        "service parkeer haakjes raad even oneven tel telefoons bel kengetal net abonnee sms "
        "info spoed meld alarmerings "
        "doorkies intern toestel kavel perceel unit box locker kluis tafel ton jaar leeftijd "
        "ster nul record hit "
        "kern kerngetal atoom sub priem song single plaat muziek lied favoriet lievelings top"
    )
)
"""What comes before "nummer" where the number is no customer's."""

LOOSE = frozenset(
    words(
        "order orders bestelling klant contract polis factuur declaratie creditfactuur nota invoice bill "
        "ticket melding "
        "zaak case klacht incident dossier aanslag beschikking aangifte assessment ref kenmerk "
        "referentie reference zending pakket track tracking account member lidmaatschap customer "
        "debiteur auto bus scooter motor reg registration meter gas elektra toestel sim mail "
        "email maal facturen reservering boeking booking parcel shipment kamer code pin user meer "
        "call text ring reach licence hotmail gmail outlook straat street serienummer reservation "
        "acct relatie lid abonnee deelnemer loyalty membership miles frequent policy verzekerde "
        "acc afrekening eindafrekening jaarnota bagagetag confirmation pakje pakketje kassabon "
        "parkeerbon reparatieverzoek tenancy plaat "
        "transactie claim complaint bezwaarschrift werkbon opdracht inc enquiry query escalation "
        "bonuskaart spaarkaart spaarpas "
        "skywards zorgpas ledenpas klantenpas contact ov-chipkaart chipkaart ovchipkaart locator "
        "barcode app apps bellen belt gebeld tell kaart tan dial pc rood factuurs number "
        "nummer nr"
    )
)

_FORGIVEN = words(
    "bsn assessment_number payment_reference iban account phone customer_number order_number "
    "invoice_number case_number birth_date credentials licence_plate id_document postcode "
    "house_number vat_number kvk_number"
)
LONG_CUES = {
    word: kind
    for word, kind in WORDS.items()
    if len(word) >= 7
    and kind in _FORGIVEN
    and word not in LOOSE
    and (
        word.endswith(
            ("nummer", "code", "datum", "kenmerk", "woord", "naam", "teken", "rekening", "nr", "poort")
        )
    )
}
for _stem in words(
    "klant klanten relatie debiteuren contract polis lidmaatschaps order bestel factuur nota "
    "zaak case ticket meldings referentie dossier aanslag beschikkings aangifte telefoon "
    "mobiele burgerservice bankrekening paspoort rijbewijs"
):
    LONG_CUES.setdefault(_stem + "nummer", STEMS[_stem])
for _word in words(
    "uitkering achterstand studieschuld alimentatie deurwaarder aanmaning naheffing terugvordering "
    "openstaand jaarinkomen "
    "salarissen telefoon wachtwoord"
):
    if _word in WORDS:
        LONG_CUES.setdefault(_word, WORDS[_word])
