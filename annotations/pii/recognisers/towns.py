"""Towns that people name behind a street and a number, in lower case: the larger ones of the Netherlands
and Flanders."""

from __future__ import annotations

from annotations.pii.lexicon import words

TOWNS = frozenset(
    words(
        "amsterdam rotterdam utrecht eindhoven groningen tilburg almere breda nijmegen enschede "
        "haarlem arnhem zaandam amersfoort apeldoorn zwolle zoetermeer leeuwarden leiden maastricht "
        "dordrecht ede delft alkmaar venlo deventer emmen hilversum heerlen oss amstelveen "
        "purmerend hoofddorp helmond roosendaal schiedam almelo hoorn vlaardingen gouda lelystad "
        "assen bergen veenendaal zeist nieuwegein hengelo katwijk capelle doetinchem ijsselstein "
        "barneveld spijkenisse heerhugowaard houten kampen woerden harderwijk middelburg vlissingen "
        "goes terneuzen weert roermond sittard geleen kerkrade zutphen winterswijk tiel culemborg "
        "zaltbommel oosterhout waalwijk bergen-op-zoom etten-leur rijswijk wassenaar leidschendam "
        "voorburg pijnacker naaldwijk maassluis hellevoetsluis ridderkerk barendrecht papendrecht "
        "sliedrecht gorinchem alphen bodegraven waddinxveen soest baarn bussum naarden weesp huizen "
        "diemen uithoorn aalsmeer beverwijk heemskerk castricum velsen ijmuiden heemstede zandvoort "
        "enkhuizen medemblik schagen volendam edam drachten heerenveen sneek harlingen franeker "
        "dokkum bolsward joure wolvega gorredijk burgum kollum appingedam delfzijl veendam "
        "stadskanaal winschoten hoogezand haren leek roden meppel hoogeveen coevorden steenwijk "
        "raalte oldenzaal borne rijssen nijverdal hardenberg ommen dalfsen epe nunspeet ermelo "
        "putten nijkerk wageningen rhenen renkum velp duiven zevenaar didam lochem borculo "
        "emmeloord urk dronten zeewolde boxtel veghel uden boxmeer cuijk gennep deurne geldrop "
        "veldhoven best valkenswaard schijndel vught dongen rijen zevenbergen zundert hulst sluis "
        "zierikzee middelharnis brielle noordwijk lisse hillegom sassenheim voorschoten nootdorp "
        "horst panningen echt brunssum landgraaf valkenburg vaals den s-gravenhage antwerpen gent "
        "brugge leuven mechelen aalst kortrijk hasselt oostende genk roeselare turnhout lier "
        "brussel dendermonde lokeren sint-niklaas geel mol vilvoorde halle ninove ieper waregem "
        "knokke "
    )
)
